/** The commands and flags in the documents exist. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { projectRoot } from '../lib/base/config'
import { flagName } from '../scripts/cli/flags'
import { commands } from '../scripts/commands'

const documents = ['README.md', ...readdirSync(join(projectRoot, 'docs')).map((name) => join('docs', name))].filter(
  (name) => name.endsWith('.md'),
)
const COMMON = ['--json', '--quiet', '--backend', '--help']

/** Every `loupe …` in a document: lines of code blocks, and inline code. */
function commandLines(text: string): string[] {
  const found = text.matchAll(/(?:npx loupe|`loupe) ([a-z][^`\n|]*)/g)
  return [...found].map(([, line = '']) => line.replace(/\\$/, '').trim())
}

const lines = documents.flatMap((name) =>
  commandLines(readFileSync(join(projectRoot, name), 'utf8')).map((line) => ({ name, line })),
)

describe('the documents', () => {
  it('contain commands', () => expect(lines.length).toBeGreaterThan(10))

  it.each(lines)('$name: loupe $line', async ({ line }) => {
    const words = line.split(/\s+/)
    const group = commands.filter(({ name }) => name === words[0] || name.startsWith(`${words[0]} `))
    expect(group.length).toBeGreaterThan(0)
    const command = commands.find(({ name }) => name === words.slice(0, 2).join(' ')) ?? group[0]!
    const { options } = await command.load()
    const flags = Object.entries(options.shape).map(([key, field]) => flagName(key, field as z.ZodType))
    for (const flag of words.filter((word) => word.startsWith('--'))) expect([...flags, ...COMMON]).toContain(flag)
  })
})
