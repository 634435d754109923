/** Settings as people type them, on the command line and in forms: names of flags, numbers with suffixes, lists. */

/** What of a field's JSON Schema decides how it is typed. */
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

/** Typed where a field may be null. */
export const NONE = 'none'

/** A setting as one would type it. */
export function typedText(value: unknown): string {
  if (value === null) return NONE
  if (Array.isArray(value)) return value.map(typedText).join(',')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What was typed, turned into the type of its field; anything that does not fit stays text, for the schema to refuse. */
export function typedValue(given: unknown, shape: FieldShape): unknown {
  if (typeof given !== 'string') return given
  const choices = choicesOf(shape)
  if (choices) {
    if (given === NONE && choices.some(({ type }) => type === 'null')) return null
    return typedValue(given, choices.find(({ type }) => type !== 'null') ?? {})
  }
  if (shape.type === 'integer' || shape.type === 'number') return parseNumber(given)
  if (shape.type === 'array') {
    const items = shape.items ?? {}
    return given
      .split(',')
      .filter((item) => item !== '')
      .map((item) => typedValue(item.trim(), items))
  }
  return given
}

/** What a field that takes several types can be, e.g. a number or null. */
export function choicesOf({ type, anyOf }: FieldShape): readonly FieldShape[] | undefined {
  return anyOf ?? (typeof type === 'object' ? type.map((one) => ({ type: one })) : undefined)
}

const SUFFIXES: Record<string, number> = { k: 1e3, m: 1e6, g: 1e9, b: 1e9 }

/** `200k`, `1M`, `1.5M`, `2e5`, `32`; anything else comes back as it was. */
export function parseNumber(text: string): number | string {
  const match = /^([+-]?[\d._]+(?:e[+-]?\d+)?)([kmgb])?$/i.exec(text)
  if (!match?.[1]) return text
  const value = Number(match[1].replaceAll('_', '')) * (SUFFIXES[match[2]?.toLowerCase() ?? ''] ?? 1)
  return Number.isFinite(value) ? value : text
}

/** Words of a command line as a POSIX shell reads them. */

/** Bare where a shell takes it for one plain word, else in single quotes. */
export function shellWord(text: string): string {
  return /^[\w./:@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
