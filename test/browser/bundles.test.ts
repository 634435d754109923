/** What the build sends to browsers. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { projectRoot } from '../../lib/base/config'
import { ensureBuilt } from '../../lib/web/build'
import { START_MS } from '../support/workbench'

/** Texts that are in every bundle of zod, minified or not, and in no code of ours. */
const ZOD = /_zod\b|ZodError|\$ZodType/

it(
  'the bundles of the browser contain no zod: client files import types only from a schema',
  async () => {
    await ensureBuilt({ signal: new AbortController().signal })
    const folder = join(projectRoot, '.next', 'static', 'chunks')
    const bundles = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'))
    expect(bundles.length).toBeGreaterThan(5)
    const withZod = bundles.filter((name) => ZOD.test(readFileSync(join(folder, name), 'utf8')))
    expect(withZod).toEqual([])
  },
  START_MS,
)

it('the pattern recognises zod', () => {
  const folder = join(projectRoot, 'node_modules', 'zod', 'v4')
  expect(ZOD.test(readFileSync(join(folder, 'core', 'core.js'), 'utf8'))).toBe(true)
  expect(ZOD.test(readFileSync(join(folder, 'classic', 'errors.js'), 'utf8'))).toBe(true)
})
