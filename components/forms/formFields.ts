/** A form made from a JSON Schema: its fields, the typed values, and the problems with them. */
import type { FormSchema } from '../../lib/base/formSchema'
import { choicesOf, typedText, NONE, typedValue, type FieldShape } from '../../lib/base/settingsText'

/** The typed values, by the names of their fields. */
export type Typed = Readonly<Record<string, string>>

/** The fields of a form that the query of an address holds. */
export function typedIn(query: Readonly<Record<string, string | string[] | undefined>>): Typed {
  return Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  )
}

export interface FormField {
  name: string
  hint: string
  required: boolean
  /** Shown in the empty field. */
  placeholder: string
  /** The values, if there are only a few. */
  choices: readonly string[] | undefined
  shape: FieldShape
}

/** Fields in the order of the schema, required ones first. */
export function formFields({ properties, required }: FormSchema): readonly FormField[] {
  const fields = Object.entries(properties).map(([name, shape]) => fieldOf(name, shape, required.includes(name)))
  return [...fields.filter((field) => field.required), ...fields.filter((field) => !field.required)]
}

function fieldOf(name: string, shape: FieldShape, required: boolean): FormField {
  const types = (choicesOf(shape) ?? [shape]).map(({ type }) => type)
  const { hint, fallback } = splitHint(shape)
  return {
    name,
    hint: types.includes('null') ? hint.replace(/\bnull for\b/, `“${NONE}” for`) : hint,
    required,
    placeholder: shape.default === undefined ? fallback : typedText(shape.default),
    choices: types.includes('boolean') ? ['true', 'false'] : shape.enum?.map(String),
    shape,
  }
}

/** A description ends in `Default: …` if the default follows from other settings. */
function splitHint({ description = '' }: FieldShape): { hint: string; fallback: string } {
  const [hint = '', fallback = ''] = description.split(/\.? Default: /)
  return { hint, fallback }
}

/** The typed values as settings of a request. Empty fields keep their defaults. */
export function settingsOf(fields: readonly FormField[], typed: Typed): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap(({ name, shape }) => {
      const text = typed[name]?.trim() ?? ''
      return text === '' ? [] : [[name, text === 'true' ? true : text === 'false' ? false : typedValue(text, shape)]]
    }),
  )
}

/**
 * A refusal split by field: `…: d_sae: too small; k: k cannot exceed d_sae`. The rest has the empty name.
 */
export function problemsByField(message: string, names: readonly string[]): Typed {
  const problems: Record<string, string> = {}
  for (const part of message.split('; ')) {
    const words = part.split(': ')
    const at = words.findIndex((word) => names.includes(word.replace(/^body\./, '')))
    const [name, text] = at < 0 ? ['', part] : [words[at]!.replace(/^body\./, ''), words.slice(at + 1).join(': ')]
    problems[name] = problems[name] ? `${problems[name]}; ${text}` : text
  }
  return problems
}

/** Required fields that are empty. */
export function missingFields(fields: readonly FormField[], typed: Typed): Typed {
  const missing = fields.filter(({ name, required }) => required && !typed[name]?.trim())
  return Object.fromEntries(missing.map(({ name }) => [name, 'is required']))
}
