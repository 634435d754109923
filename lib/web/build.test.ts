import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../../test/support/until'
import { processExists } from '../../trainer/processExists'
import { ensureBuilt, isBuilt } from './build'
import { readStamp } from './stamp'

/** Stands in for Next: does as `app/how` says, counts its runs, and leaves what a standalone build leaves. */
const NEXT = `
const fs = require('node:fs')
const how = fs.readFileSync('app/how', 'utf8')
fs.appendFileSync('runs', process.pid + '\\n')
console.log('compiling')
if (how === 'fail') { console.error('Module not found: nothing.ts'); process.exit(1) }
if (how === 'hang') setInterval(() => {}, 1000)
else {
  fs.rmSync('.next/static', { recursive: true, force: true })
  fs.mkdirSync('.next/standalone/.next', { recursive: true })
  fs.mkdirSync('.next/static/chunks', { recursive: true })
  fs.writeFileSync('.next/static/chunks/page.js', 'page')
  fs.writeFileSync('.next/standalone/server.js', 'server')
  setTimeout(() => process.exit(process.argv[2] === 'build' ? 0 : 1), 300)
}`

let root: string
const roots: string[] = []
afterAll(() => Promise.all(roots.map((folder) => rm(folder, { recursive: true, force: true }))))

const put = async (path: string, content: string) => {
  await mkdir(join(root, path, '..'), { recursive: true })
  await writeFile(join(root, path), content)
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'loupe-build-'))
  roots.push(root)
  await chmod(root, 0o755)
  await put('node_modules/next/dist/bin/next', NEXT)
  await put('package.json', '{}')
  await put('app/how', 'succeed')
  await put('lib/thing.ts', 'export const thing = 1')
  await put('public/icon.svg', '<svg/>')
})

const signal = new AbortController().signal
const build = (more: { signal?: AbortSignal; onStep?: (step: string) => void } = {}) =>
  ensureBuilt({ signal, root, ...more })
const runs = async () => (await readFile(join(root, 'runs'), 'utf8').catch(() => '')).trim().split('\n').filter(Boolean)

describe('the build of the pages', () => {
  it('puts the standalone server together and is not repeated', async () => {
    const steps: string[] = []
    expect(await build({ onStep: (step) => steps.push(step) })).toMatchObject({ built: true })
    expect(steps.at(0)).toContain('building the pages')
    expect(await readFile(join(root, '.next/standalone/.next/static/chunks/page.js'), 'utf8')).toBe('page')
    expect(await readFile(join(root, '.next/standalone/public/icon.svg'), 'utf8')).toBe('<svg/>')
    expect(await build()).toMatchObject({ built: false })
    expect(await runs()).toHaveLength(1)
  })

  it('is repeated when a source has changed, come or gone, and for nothing else', async () => {
    await build()
    await put('lib/db/generated/client.ts', 'made')
    await put('lib/thing.test.ts', 'a test')
    await put('docs/page.md', 'words')
    expect(await isBuilt(root)).toBe(true)
    for (const change of [
      () => put('lib/thing.ts', 'export const thing = 2'),
      () => put('components/new.tsx', ''),
      () => rm(join(root, 'components/new.tsx')),
      () => put('prisma/schema.prisma', 'model A {}'),
      () => put('package-lock.json', '{}'),
    ]) {
      await change()
      expect(await isBuilt(root)).toBe(false)
      await build()
      expect(await isBuilt(root)).toBe(true)
    }
  })

  it('is done by one of two that start at once', async () => {
    const [one, two] = await Promise.all([build(), build()])
    expect([one.built, two.built].sort()).toEqual([false, true])
    expect(await runs()).toHaveLength(1)
  })

  it('that fails says why, and is tried again', async () => {
    await build()
    await put('app/how', 'fail')
    await expect(build()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/next build: exit code 1[^]*Module not found: nothing.ts/) as string,
      remedy: expect.stringContaining('npm ci') as string,
    })
    expect(await readStamp(root)).toBeUndefined()
    // The sources of the first build are back, but not what it had built.
    await put('app/how', 'succeed')
    expect(await build()).toMatchObject({ built: true })
  })

  it('that is interrupted leaves no process, no lock and nothing that looks finished', async () => {
    await put('app/how', 'hang')
    const abort = new AbortController()
    const building = build({ signal: abort.signal })
    const outcome = expect(building).rejects.toMatchObject({ code: 'cancelled' })
    await until(async () => (await runs()).length === 1)
    abort.abort()
    await outcome
    expect(processExists(Number((await runs())[0]))).toBe(false)
    expect(await readStamp(root)).toBeUndefined()
    expect((await readdir(join(root, '.next/cache'))).filter((name) => name.endsWith('.lock'))).toEqual([])
  })
})
