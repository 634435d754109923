/** Turns a zod object into commander's flags, and the typed strings into the values that the schema expects. */
import { Option } from 'commander'
import { z } from 'zod'
import { kebab, typedValue, type FieldShape } from '../../lib/base/settingsText'
import { LoupeError } from '../../trainer/errors'

/** `dSae`, `d_sae` → `--d-sae`. A flag that is on by default is named by turning it off: `open` → `--no-open`. */
export const flagName = (key: string, field?: z.ZodType) =>
  `--${field && fieldShape(field).default === true ? 'no-' : ''}${kebab(key)}`

function fieldShape(field: z.ZodType): FieldShape {
  return z.toJSONSchema(field, { io: 'output', unrepresentable: 'any' }) as FieldShape
}

export function optionsOf(schema: z.ZodObject): Option[] {
  return Object.entries(schema.shape).map(([key, field]) => {
    const shape = fieldShape(field as z.ZodType)
    const value = shape.type === 'boolean' ? '' : ` <${placeholder(shape)}>`
    const notes = [
      shape.enum ? `one of ${shape.enum.join(', ')}` : undefined,
      shape.default !== undefined && shape.type !== 'boolean' ? `default ${JSON.stringify(shape.default)}` : undefined,
    ].filter(Boolean)
    const description = `${shape.description ?? ''}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`
    return new Option(`${flagName(key, field as z.ZodType)}${value}`, description)
  })
}

function placeholder(shape: FieldShape): string {
  if (shape.enum) return 'name'
  if (shape.type === 'integer' || shape.type === 'number') return 'n'
  return shape.type === 'array' ? 'list' : 'value'
}

/** Converts the typed strings to the types of the schema. A string that does not fit stays, and zod refuses it. */
export function parseOptions<S extends z.ZodObject>(schema: S, typed: Record<string, unknown>): z.output<S> {
  const values: Record<string, unknown> = {}
  for (const [key, field] of Object.entries(schema.shape)) {
    const text = typed[camel(key)]
    if (text !== undefined) values[key] = typedValue(text, fieldShape(field as z.ZodType))
  }
  return parseSettings(schema, values)
}

/** Checks values from flags; an error names the flag and its value. */
export function parseSettings<S extends z.ZodType>(schema: S, values: Record<string, unknown>): z.output<S> {
  const parsed = schema.safeParse(values)
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map((issue) => {
    const key = String(issue.path[0] ?? '')
    if (values[key] === undefined) return `${flagName(key)} is missing`
    return `${flagName(key)}: ${issue.message} (found ${JSON.stringify(values[key])})`
  })
  throw new LoupeError('bad-usage', lines.join('; '), { remedy: 'see --help for the flags of this command' })
}

/** The fields of several schemas as optional flags without defaults. The caller fills in what is absent. */
export function optionalFields(schemas: readonly z.ZodObject[], without: readonly string[]): Record<string, z.ZodType> {
  const fields = schemas.flatMap((schema) => Object.entries(schema.shape as Record<string, z.ZodType>))
  const kept = fields.filter(([name]) => !without.includes(name))
  return Object.fromEntries(
    kept.map(([name, field]) => {
      const { default: value, description = '' } = fieldShape(field)
      const bare = field instanceof z.ZodDefault ? (field.unwrap() as z.ZodType) : field
      const note = value === undefined ? '' : ` (default ${JSON.stringify(value)})`
      return [name, bare.optional().describe(`${description}${note}`)]
    }),
  )
}

/** The name under which commander stores a flag. */
function camel(key: string): string {
  return kebab(key).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}
