/** Plain English wherever a person reads: interface, errors, help, API descriptions and docs. */
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { markdownTexts, readProse, readTexts, sourceTexts, type Text } from './support/english/texts'
import { ALLOWED_TEXTS, AVOIDED_WORDS, type AllowedText } from './support/english/words'

const root = fileURLToPath(new URL('..', import.meta.url))
const FOLDERS = ['app', 'components', 'lib', 'scripts', 'trainer']
const PROSE = ['README.md', 'CHANGELOG.md', 'docs', 'trainer']

const allows = ({ file, text }: AllowedText, place: Text) =>
  (file.endsWith('/') ? place.file.startsWith(file) : place.file === file) && place.text.includes(text)

function complaints(texts: readonly Text[]): string[] {
  return texts
    .filter((place) => !ALLOWED_TEXTS.some((allowed) => allows(allowed, place)))
    .flatMap(({ file, line, text }) =>
      AVOIDED_WORDS.flatMap(({ pattern, instead }) => {
        const match = pattern.exec(text)
        return match ? [`${file}:${line} "${match[0]}" (instead: ${instead}) in: ${text}`] : []
      }),
    )
}

const texts = readTexts(root, FOLDERS)
const prose = readProse(root, PROSE)

describe('plain English', () => {
  it.each(FOLDERS)('is in the strings of %s', (folder) => {
    const there = texts.filter(({ file }) => file.startsWith(`${folder}/`))
    expect(there.length).toBeGreaterThan(20)
    expect(complaints(there).join('\n')).toBe('')
  })

  it('is in the docs', () => {
    expect(prose.length).toBeGreaterThan(200)
    expect(complaints(prose).join('\n')).toBe('')
  })

  it('has no exception that is not needed', () => {
    const unused = ALLOWED_TEXTS.filter(
      (allowed) =>
        ![...texts, ...prose].some(
          (place) => allows(allowed, place) && AVOIDED_WORDS.some(({ pattern }) => pattern.test(place.text)),
        ),
    )
    expect(unused).toEqual([])
  })
})

describe('the reader of texts', () => {
  it('finds strings, templates and JSX text with their lines, and leaves code out', () => {
    const source = [
      `import { x } from 'a module'`,
      `const a = { 'a key': 'a value' }`,
      'const b = `at ${x} of ${a}`',
      `const c = <p className="text-sm" title="a title">a {b} text</p>`,
      `await pool.query('SELECT anew')`,
      `const d = <Row name="a name" value={<b>a value</b>} type="text"><input name="field" /></Row>`,
    ].join('\n')
    expect(sourceTexts('x.tsx', source).map(({ line, text }) => [line, text])).toEqual([
      [2, 'a value'],
      [3, 'at … of …'],
      [4, 'a title'],
      [4, 'a'],
      [4, 'text'],
      [6, 'a name'],
      [6, 'a value'],
    ])
  })

  it('finds prose, and leaves code out', () => {
    const source = ['# Title', '', '```bash', 'begun anew', '```', 'see [the page](by-now.md) and `by now`'].join('\n')
    expect(markdownTexts('x.md', source)).toEqual([
      { file: 'x.md', line: 1, text: '# Title' },
      { file: 'x.md', line: 6, text: 'see [the page] and …' },
    ])
  })
})
