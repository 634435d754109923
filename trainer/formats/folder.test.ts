import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readJson, writeFailure, writeFolder } from './folder'

let scratch: string
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'loupe-folder-'))
})
afterAll(() => rm(scratch, { recursive: true }))

describe('writing a folder', () => {
  it('makes it, and its parents, readable like any other', async () => {
    const dir = join(scratch, 'a', 'b')
    await writeFolder(dir, { one: 'text', two: Uint8Array.of(1, 2) })
    expect(await readFile(join(dir, 'one'), 'utf8')).toBe('text')
    expect(await readdir(join(scratch, 'a'))).toEqual(['b'])
    const plain = join(scratch, 'plain')
    await mkdir(plain)
    expect((await stat(dir)).mode).toBe((await stat(plain)).mode)
  })

  it('uses an empty folder, and does not change one that is not empty', async () => {
    const dir = join(scratch, 'taken')
    await mkdir(dir)
    await writeFolder(dir, { one: 'text' })
    await expect(writeFolder(dir, { two: 'text' })).rejects.toMatchObject({ code: 'conflict' })
    expect(await readdir(dir)).toEqual(['one'])
  })

  it('leaves nothing behind when it fails', async () => {
    const dir = join(scratch, 'failed')
    await expect(writeFolder(dir, { one: 'text', 'no/such/place': 'text' })).rejects.toMatchObject({
      code: 'bad-input',
    })
    expect((await readdir(scratch)).filter((name) => name.startsWith('failed'))).toEqual([])
    await writeFile(join(scratch, 'file'), '')
    await expect(writeFolder(join(scratch, 'file'), {})).rejects.toMatchObject({ code: 'bad-input' })
  })

  it('says when the disk is full', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
    expect(writeFailure(full, '/x')).toMatchObject({
      code: 'disk-full',
      message: 'the disk is full: /x was not written',
    })
  })
})

describe('reading JSON', () => {
  it('is undefined without a file, and refuses a file that is too long or a folder', async () => {
    expect(await readJson(join(scratch, 'none.json'))).toBeUndefined()
    await expect(readJson(scratch)).rejects.toMatchObject({ code: 'bad-input' })
    await writeFile(join(scratch, 'long.json'), Buffer.alloc(17 * 2 ** 20, ' '))
    await expect(readJson(join(scratch, 'long.json'))).rejects.toMatchObject({ code: 'too-large' })
  })
})
