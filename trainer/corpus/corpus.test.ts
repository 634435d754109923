import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openCorpus } from './corpus'

const folder = mkdtempSync(join(tmpdir(), 'loupe-corpus-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

describe('openCorpus', () => {
  it('opens the packaged addresses by name', () => {
    const corpus = openCorpus('sotu')
    expect(corpus.documents.length).toBe(233)
    expect(corpus.documents[0]!.text).toContain('Fellow')
    expect(corpus.hash).toMatch(/^[0-9a-f]{64}$/)
  })

  it('reads JSONL, one document a line', () => {
    const lines = Array.from({ length: 6 }, (_, index) => JSON.stringify({ text: `text ${index}`, year: index }))
    const corpus = openCorpus(file('six.jsonl', lines.join('\n') + '\n'))
    expect(corpus.documents.map(({ text }) => text)).toEqual(lines.map((_, index) => `text ${index}`))
    expect(corpus.notes).toEqual([])
  })

  it('cuts a single text into sections at line ends, keeps every character, and says so', () => {
    const text = Array.from({ length: 400 }, (_, index) => `line ${index} of the text`).join('\n')
    const corpus = openCorpus(file('one.txt', text))
    expect(corpus.documents.length).toBeGreaterThanOrEqual(15)
    expect(corpus.documents.map((document) => document.text).join('')).toBe(text)
    expect(corpus.notes[0]).toMatch(/sections/)
  })

  it('names the line of bad JSON and of a missing field', () => {
    expect(() => openCorpus(file('bad.jsonl', '{"text":"a"}\n{"text":'))).toThrow(/bad\.jsonl, line 2 is not JSON/)
    expect(() => openCorpus(file('field.jsonl', '{"body":"a"}'))).toThrow(/line 1 has no string field "text"/)
  })

  it('refuses what is not text, missing, or empty', () => {
    expect(() => openCorpus(file('latin.txt', Buffer.from([0x63, 0x61, 0x66, 0xe9])))).toThrow(/not UTF-8/)
    expect(() => openCorpus('sotv')).toThrow(/no corpus, file or folder "sotv"/)
    expect(() => openCorpus(file('empty.txt', ' \n'))).toThrow(/is empty/)
  })
})
