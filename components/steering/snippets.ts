/** The current intervention as text to paste: a file, a command line, a program. */
import type { Intervention } from '../../trainer/steering/intervention'

export interface Snippet {
  name: string
  /** @param baseUrl e.g. `http://127.0.0.1:3000` */
  write: (intervention: Intervention, baseUrl: string) => string
}

export const SNIPPETS: Record<'json' | 'curl' | 'typescript' | 'python', Snippet> = {
  json: { name: 'JSON', write: (intervention) => `${literal(intervention, JSON_WORDS)}\n` },
  curl: { name: 'curl', write: curl },
  typescript: { name: 'TypeScript', write: typescript },
  python: { name: 'Python', write: python },
}

function curl(intervention: Intervention, baseUrl: string): string {
  // A shell changes nothing inside single quotes; a single quote is written between two quoted strings.
  const body = JSON.stringify(intervention).replaceAll("'", `'\\''`)
  return `curl -s '${baseUrl}/api/v1/steer' -H 'Content-Type: application/json' --data-raw '${body}'\n`
}

function typescript(intervention: Intervention, baseUrl: string): string {
  return `const intervention = ${literal(intervention, JSON_WORDS)}

const response = await fetch('${baseUrl}/api/v1/steer', {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(intervention),
})
const answer = await response.json()
if (!response.ok) throw new Error(answer.error.message)
for (const { branch, text } of answer.answers) console.log(branch + ':', text)
`
}

function python(intervention: Intervention, baseUrl: string): string {
  return `import json
import urllib.error
import urllib.request

intervention = ${literal(intervention, PYTHON_WORDS)}

request = urllib.request.Request(
    "${baseUrl}/api/v1/steer",
    data=json.dumps(intervention).encode(),
    headers={"Content-Type": "application/json"},
)
try:
    with urllib.request.urlopen(request) as response:
        answer = json.load(response)
except urllib.error.HTTPError as error:
    raise SystemExit(json.load(error)["error"]["message"])
for each in answer["answers"]:
    print(each["branch"] + ":", each["text"])
`
}

/** The words of a language for true, false and null. */
type Words = Record<'true' | 'false' | 'null', string>
const JSON_WORDS: Words = { true: 'true', false: 'false', null: 'null' }
const PYTHON_WORDS: Words = { true: 'True', false: 'False', null: 'None' }

/** Indented, with lists of plain values in one line. All three languages write strings and numbers as JSON does. */
function literal(value: unknown, words: Words, indent = ''): string {
  if (value === null || typeof value === 'boolean') return words[String(value) as keyof Words]
  if (typeof value !== 'object') return JSON.stringify(value)
  const inner = `${indent}  `
  const isList = Array.isArray(value)
  const parts = isList
    ? value.map((each) => literal(each, words, inner))
    : Object.entries(value)
        .filter(([, each]) => each !== undefined)
        .map(([key, each]) => `${JSON.stringify(key)}: ${literal(each, words, inner)}`)
  const [open, close] = isList ? ['[', ']'] : ['{', '}']
  const isFlat = parts.length === 0 || (isList && value.every((each) => typeof each !== 'object'))
  return isFlat
    ? `${open}${parts.join(', ')}${close}`
    : `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${indent}${close}`
}
