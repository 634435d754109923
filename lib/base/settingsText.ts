/** Settings as people type them, in forms and on the command line: names of flags, numbers with suffixes, lists, words. */

/** The keys of a field's JSON Schema that decide how it is typed. */
export interface FieldShape {
  type?: string | readonly string[]
  enum?: readonly unknown[]
  description?: string
  default?: unknown
  items?: FieldShape
  anyOf?: readonly FieldShape[]
}

/** `dSae`, `d_sae` → `d-sae`. */
export const kebab = (name: string): string =>
  name.replaceAll('_', '-').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** What people type for null. */
export const NONE = 'none'

/** A setting as a person types it. */
export function typedText(value: unknown): string {
  if (value === null) return NONE
  if (Array.isArray(value)) return value.map(typedText).join(',')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** The typed text as a value of its field. Text that does not fit stays text, so that the schema refuses it. */
export function typedValue(typed: unknown, shape: FieldShape): unknown {
  if (typeof typed !== 'string') return typed
  const choices = choicesOf(shape)
  if (choices) {
    if (typed === NONE && choices.some(({ type }) => type === 'null')) return null
    return typedValue(typed, choices.find(({ type }) => type !== 'null') ?? {})
  }
  if (shape.type === 'integer' || shape.type === 'number') return parseNumber(typed)
  if (shape.type === 'array') {
    const items = shape.items ?? {}
    return typed
      .split(',')
      .filter((item) => item !== '')
      .map((item) => typedValue(item.trim(), items))
  }
  return typed
}

/** The alternatives of a field with several types, e.g. a number or null. */
export function choicesOf({ type, anyOf }: FieldShape): readonly FieldShape[] | undefined {
  return anyOf ?? (typeof type === 'object' ? type.map((one) => ({ type: one })) : undefined)
}

const SUFFIXES: Record<string, number> = { k: 1e3, m: 1e6, g: 1e9, b: 1e9 }

/** `200k`, `1M`, `1.5M`, `2e5`, `32`; any other text is returned as it is. */
export function parseNumber(text: string): number | string {
  const match = /^([+-]?[\d._]+(?:e[+-]?\d+)?)([kmgb])?$/i.exec(text)
  if (!match?.[1]) return text
  const value = Number(match[1].replaceAll('_', '')) * (SUFFIXES[match[2]?.toLowerCase() ?? ''] ?? 1)
  return Number.isFinite(value) ? value : text
}

/** One word of a POSIX shell: bare if the shell reads it as one plain word, otherwise in single quotes. */
export function shellWord(text: string): string {
  return /^[\w./:@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
