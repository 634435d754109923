import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { BROWN_GENRES, untagged } from './brown'
import { brownByGenre, readLabelled } from './labelled'

describe('the Brown corpus', () => {
  it('has 500 texts of 15 genres, without their tags', () => {
    const { documents } = brownByGenre()
    expect(documents).toHaveLength(500)
    expect(new Set(documents.map(({ label }) => label))).toEqual(new Set(Object.values(BROWN_GENRES)))
    expect(documents[0]!.text.startsWith('The Fulton County Grand Jury said Friday an investigation')).toBe(true)
    const tagged = documents.filter(({ text }) => /[a-z]\/(nn|at|vbd)\b/.test(text))
    expect(tagged).toEqual([])
  })

  it('puts marks where a reader expects them', () => {
    const text =
      "\n\n\tHe/pps said/vbd ``/`` no/at ''/'' ,/, (/( twice/rb )/) ;/. ;/.\n\n\n\tShe/pps 1\\/2/cd left/vbd ./.\n"
    expect(untagged(text)).toBe('He said "no", (twice);\n\nShe 1\\/2 left.')
  })
})

describe('a labelled file', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'labelled-')), 'x.jsonl')
  const written = (text: string) => {
    writeFileSync(file, text)
    return () => readLabelled(file)
  }

  it('is read line by line', () => {
    const { documents } = written('{"text":"a b","label":"x"}\n\n{"text":"c","label":"y","more":1}\n')()
    expect(documents).toEqual([
      { name: 'line 1', text: 'a b', label: 'x' },
      { name: 'line 3', text: 'c', label: 'y' },
    ])
  })

  it('is refused with the number of the bad line', () => {
    expect(written('{"text":"a","label":"x"}\nnot json\n')).toThrow('line 2 is not JSON: not json')
    expect(written('{"text":"a","label":"x"}\n{"text":"a"}\n')).toThrow('line 2 has no strings "text" and "label"')
    expect(written('{"text":" ","label":"x"}\n')).toThrow('line 1 has no strings')
    expect(written('{"text":"a","label":"x"}\n')).toThrow('1 label(s)')
    expect(() => readLabelled('/nowhere/x.jsonl')).toThrow('cannot be read')
  })
})
