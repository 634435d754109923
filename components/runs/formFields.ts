/** A form made of a JSON Schema: what to ask for, what was typed, what is wrong with it. */
import type { Companion } from '../../trainer/store/layout'
import { choicesOf, typedText, NONE, typedValue, type FieldShape } from '../../lib/base/settingsText'

export interface SettingsSchema {
  properties: Readonly<Record<string, FieldShape>>
  required: readonly string[]
}

/** What stands in the fields of a form, by their names. */
export type Typed = Readonly<Record<string, string>>

export interface ArchitectureOption {
  name: string
  description: string
  /** What the harvest must have stored beside the activations. */
  needs: readonly Companion[]
  schema: SettingsSchema
}

export interface FormField {
  name: string
  hint: string
  required: boolean
  /** What stands in the empty field. */
  placeholder: string
  /** Where one of a few values is taken. */
  choices: readonly string[] | undefined
  shape: FieldShape
}

/** Fields in the order of the schema, required ones first. */
export function formFields({ properties, required }: SettingsSchema): readonly FormField[] {
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

/** Descriptions end in `Default: …` where the default follows from other settings. */
function splitHint({ description = '' }: FieldShape): { hint: string; fallback: string } {
  const [hint = '', fallback = ''] = description.split(/\.? Default: /)
  return { hint, fallback }
}

/** What was typed as the settings of a request; empty fields are left to their defaults. */
export function settingsOf(fields: readonly FormField[], typed: Typed): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap(({ name, shape }) => {
      const text = typed[name]?.trim() ?? ''
      return text === '' ? [] : [[name, text === 'true' ? true : text === 'false' ? false : typedValue(text, shape)]]
    }),
  )
}

/**
 * A refusal taken apart by field: `…: d_sae: too small; k: k cannot exceed d_sae`. What belongs to no field comes under
 * the empty name.
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
  return Object.fromEntries(missing.map(({ name }) => [name, 'is needed']))
}
