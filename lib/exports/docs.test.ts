import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../base/config'
import { describeTable } from './tables/describe.testing'
import { FEATURE_FORMAT_NAMES } from './formats'
import { TABLES } from './tables/schema'

const page = readFileSync(join(projectRoot, 'docs', 'export.md'), 'utf8')
/** Cells of every table line, however wide the columns are drawn. */
const lines = page
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) => line.split('|').map((cell) => cell.trim()))

describe('docs/export.md', () => {
  it.each(Object.entries(TABLES))('shows the real columns of %s', (name, schema) => {
    const from = page.slice(page.indexOf(`### ${name}`)).split('\n')
    expect(from[0]).toBe(`### ${name}`)
    for (const cells of describeTable(schema)) expect(lines).toContainEqual(['', ...cells, ''])
  })

  it('names every format', () => {
    for (const name of FEATURE_FORMAT_NAMES) expect(page).toContain(`\`${name}\``)
  })
})
