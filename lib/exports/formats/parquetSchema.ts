/** Parquet columns from the schemas of the tables. */
import type { ColumnSource, SchemaElement } from 'hyparquet-writer'
import { z } from 'zod'

type Shape = Readonly<Record<string, z.ZodType>>

/** Depth-first, as the footer holds it. */
export function parquetSchema(shape: Shape): SchemaElement[] {
  const fields = Object.entries(shape)
  return [{ name: 'root', num_children: fields.length }, ...fields.flatMap(([name, schema]) => element(name, schema))]
}

/** Functions from rows to columns, with values in the types of the writer. */
export function parquetColumns(shape: Shape): ((rows: readonly object[]) => ColumnSource)[] {
  return Object.entries(shape).map(([name, schema]) => column(name, schema))
}

function column(name: string, schema: z.ZodType): (rows: readonly object[]) => ColumnSource {
  const convert = converter(schema)
  // No reader uses bounds of list items, and they cost one comparison per value.
  const statistics = !(schema instanceof z.ZodArray)
  return (rows) => ({ name, data: rows.map((row) => convert(row[name as keyof typeof row])), statistics })
}

function element(name: string, schema: z.ZodType, repetition: 'REQUIRED' | 'OPTIONAL' = 'REQUIRED'): SchemaElement[] {
  if (schema instanceof z.ZodNullable) return element(name, schema.unwrap() as z.ZodType, 'OPTIONAL')
  if (schema instanceof z.ZodArray) {
    return [
      { name, repetition_type: repetition, converted_type: 'LIST', num_children: 1 },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      ...element('element', schema.element as z.ZodType),
    ]
  }
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries<z.ZodType>(schema.shape)
    return [
      { name, repetition_type: repetition, num_children: fields.length },
      ...fields.flatMap(([field, inner]) => element(field, inner)),
    ]
  }
  return [{ name, repetition_type: repetition, ...PRIMITIVES[primitive(schema)] }]
}

const PRIMITIVES = {
  int32: { type: 'INT32' },
  float32: { type: 'FLOAT' },
  safeint: { type: 'INT64' },
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  datetime: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
} as const satisfies Record<string, Partial<SchemaElement>>

function primitive(schema: z.ZodType): keyof typeof PRIMITIVES {
  const format = schema instanceof z.ZodNumber || schema instanceof z.ZodISODateTime ? schema.format : null
  const kind = schema instanceof z.ZodString ? 'string' : format
  if (kind && Object.hasOwn(PRIMITIVES, kind)) return kind as keyof typeof PRIMITIVES
  throw new TypeError(`no Parquet type for a ${schema.type} of format ${format}`)
}

type Convert = (value: unknown) => unknown
const unchanged: Convert = (value) => value

/** Converts 64-bit integers to bigints and dates to `Date`s; returns `unchanged` where no value needs conversion. */
function converter(schema: z.ZodType): Convert {
  if (schema instanceof z.ZodNullable) {
    const inner = converter(schema.unwrap() as z.ZodType)
    return inner === unchanged ? unchanged : (value) => (value === null ? null : inner(value))
  }
  if (schema instanceof z.ZodArray) {
    const inner = converter(schema.element as z.ZodType)
    return inner === unchanged ? unchanged : (value) => (value as unknown[]).map(inner)
  }
  if (schema instanceof z.ZodObject) return structConverter(schema.shape)
  const kind = primitive(schema)
  if (kind === 'safeint') return (value) => BigInt(value as number)
  return kind === 'datetime' ? (value) => new Date(value as string) : unchanged
}

function structConverter(shape: Shape): Convert {
  const fields = Object.entries(shape).map(([name, schema]) => [name, converter(schema)] as const)
  if (fields.every(([, convert]) => convert === unchanged)) return unchanged
  return (value) =>
    Object.fromEntries(fields.map(([name, convert]) => [name, convert((value as Record<string, unknown>)[name])]))
}
