/** The columns of a table in the form of `docs/export.md`. */
import { z } from 'zod'

/** Cells of each line: column, type, meaning; the fields of a struct follow their column, with a dot. */
export function describeTable(schema: z.ZodObject): [string, string, string][] {
  return Object.entries(schema.shape as Record<string, z.ZodType>).flatMap(([name, field]) => lines(name, field))
}

function lines(name: string, field: z.ZodType): [string, string, string][] {
  const item = field instanceof z.ZodArray ? (field.element as z.ZodType) : field
  const inner = item instanceof z.ZodObject ? describeTable(item) : []
  return [
    [`\`${name}\``, typeName(field), field.description ?? ''],
    ...inner.map(([key, ...rest]): [string, string, string] => [`\`${name}.${key.slice(1)}`, ...rest]),
  ]
}

const NAMES: Record<string, string> = { safeint: 'int64', float32: 'float', datetime: 'timestamp' }

function typeName(field: z.ZodType): string {
  if (field instanceof z.ZodNullable) return `${typeName(field.unwrap() as z.ZodType)} or null`
  if (field instanceof z.ZodArray) return `list of ${typeName(field.element as z.ZodType)}`
  if (field instanceof z.ZodObject) return 'struct'
  const format = field instanceof z.ZodNumber || field instanceof z.ZodISODateTime ? (field.format ?? '') : 'string'
  return NAMES[format] ?? format
}
