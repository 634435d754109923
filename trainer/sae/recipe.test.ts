/** Follows docs/extending.md: its example adds an architecture, a selection rule and a loss to a copy of the code. */
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const COPIED = ['trainer', 'package.json', 'tsconfig.json']

const run = promisify(execFile)

interface Block {
  path: string
  isDiff: boolean
  /** Without the line that names the file. */
  lines: string[]
}

/** The code blocks that begin with the path of a file. */
function recipe(): Block[] {
  const text = readFileSync(join(ROOT, 'docs/extending.md'), 'utf8')
  return [...text.matchAll(/^```(ts|diff)\n ?\/\/ (trainer\/sae\/\S+)\n(.*?)^```$/gms)].map(([, kind, path, body]) => ({
    path: path!,
    isDiff: kind === 'diff',
    lines: body!.trimEnd().split('\n'),
  }))
}

/** Applies lines of a diff without line numbers: `-` removes a line, `+` adds one after the line above it. */
function patched(text: string, diff: readonly string[]): string {
  const lines = text.split('\n')
  let at = -1
  for (const line of diff) {
    const content = line.slice(1)
    if (line.startsWith('+')) {
      lines.splice(++at, 0, content)
      continue
    }
    const position = lines.indexOf(content, at + 1)
    if (position < 0) throw new Error(`there is no line "${content}"`)
    at = position
    if (line.startsWith('-')) lines.splice(at--, 1)
  }
  return lines.join('\n')
}

const blocks = recipe()
const copy = mkdtempSync(join(tmpdir(), 'loupe-recipe-'))

beforeAll(() => {
  for (const path of COPIED) cpSync(join(ROOT, path), join(copy, path), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
  for (const { path, isDiff, lines } of blocks) {
    const file = join(copy, path)
    writeFileSync(file, isDiff ? patched(readFileSync(file, 'utf8'), lines) : `${lines.join('\n')}\n`)
  }
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

describe('the recipe for an architecture', () => {
  it('is three files, six with a new selection rule and a new loss', () => {
    expect(blocks.map(({ path }) => path.replace('trainer/sae/', ''))).toEqual([
      'architectures/margin.ts',
      'architectures/margin.test.ts',
      'architectures/index.ts',
      'step/selections/margin.ts',
      'step/losses/l2.ts',
      'step/index.ts',
    ])
  })

  it('adds an architecture that trains for ten steps on both engines', async () => {
    const { stdout } = await inCopy(
      'vitest/vitest.mjs',
      'run',
      '--reporter=json',
      'trainer/sae/architectures/margin.test.ts',
    )
    expect(JSON.parse(stdout.slice(stdout.indexOf('{')))).toMatchObject({ success: true, numPassedTests: 3 })
  })

  it('has the types that the rest of the program expects', async () => {
    const files = blocks.map(({ path }) => path)
    writeFileSync(
      join(copy, 'tsconfig.recipe.json'),
      JSON.stringify({ extends: './tsconfig.json', include: [], files }),
    )
    await inCopy('typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.recipe.json')
  })
})

/** Runs a script of an installed package. An error contains what it printed. */
async function inCopy(script: string, ...words: string[]) {
  try {
    return await run(process.execPath, [join(ROOT, 'node_modules', script), ...words], { cwd: copy })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`${script} failed:\n${stdout}\n${stderr}`, { cause: error })
  }
}
