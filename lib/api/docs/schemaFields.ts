/** Turns a JSON Schema into a list of fields for the page of the API. */

/** The part of JSON Schema that zod writes and the page reads. */
export interface JsonSchema {
  type?: string | readonly string[]
  description?: string
  default?: unknown
  enum?: readonly unknown[]
  const?: unknown
  format?: string
  pattern?: string
  properties?: Record<string, JsonSchema>
  required?: readonly string[]
  items?: JsonSchema
  prefixItems?: readonly JsonSchema[]
  additionalProperties?: boolean | JsonSchema
  anyOf?: readonly JsonSchema[]
  oneOf?: readonly JsonSchema[]
  allOf?: readonly JsonSchema[]
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  $ref?: string
  $defs?: Record<string, JsonSchema>
}

export interface SchemaField {
  name: string
  /** `integer`, `list of object`, `"add" | "set"`, `number or null`. */
  type: string
  required: boolean
  description: string | undefined
  /** As JSON. */
  default: string | undefined
  /** `1 … 512`, `at most 200 characters`. */
  bounds: string | undefined
  /** The fields of an object, a list of objects or a map; one group for each alternative. */
  groups: readonly FieldGroup[]
}

export interface FieldGroup {
  /** Names the alternative, e.g. `kind = "add"`; absent when there is only one. */
  title: string | undefined
  fields: readonly SchemaField[]
}

/** Deeper than any schema here; stops at schemas that contain themselves. */
const MAX_DEPTH = 8

/** The fields of a schema: one group for an object, several for alternatives, none for a bare value. */
export function fieldGroups(schema: JsonSchema): readonly FieldGroup[] {
  return groupsOf(schema, schema.$defs ?? {}, 0)
}

/** The type of a schema in words. */
export function typeOf(schema: JsonSchema): string {
  return typeText(schema, schema.$defs ?? {})
}

type Definitions = Record<string, JsonSchema>

function resolved(schema: JsonSchema, definitions: Definitions): JsonSchema {
  const name = schema.$ref?.split('/').at(-1)
  const target = name === undefined ? undefined : definitions[name]
  return target ? resolved({ ...target, ...withoutRef(schema) }, definitions) : schema
}

function withoutRef(schema: JsonSchema): JsonSchema {
  const rest = { ...schema }
  delete rest.$ref
  return rest
}

const alternatives = ({ anyOf, oneOf }: JsonSchema): readonly JsonSchema[] => anyOf ?? oneOf ?? []

function groupsOf(unresolved: JsonSchema, definitions: Definitions, depth: number): readonly FieldGroup[] {
  const schema = resolved(unresolved, definitions)
  if (depth > MAX_DEPTH) return []
  if (schema.properties) return [{ title: undefined, fields: fieldsOf(schema, definitions, depth) }]
  if (schema.items) return groupsOf(schema.items, definitions, depth)
  if (typeof schema.additionalProperties === 'object') return groupsOf(schema.additionalProperties, definitions, depth)
  const choices = alternatives(schema).map((choice) => resolved(choice, definitions))
  const groups = choices.flatMap((choice) =>
    groupsOf(choice, definitions, depth).map(({ title, fields }) => ({ title: title ?? titleOf(choice), fields })),
  )
  return groups.length === 1 ? [{ title: undefined, fields: groups[0]!.fields }] : groups
}

/** The constant fields of an alternative identify it. */
function titleOf({ properties = {} }: JsonSchema): string | undefined {
  const constants = Object.entries(properties).filter(([, field]) => field.const !== undefined)
  if (constants.length > 0)
    return constants.map(([name, field]) => `${name} = ${JSON.stringify(field.const)}`).join(', ')
  const [first] = Object.keys(properties)
  return first && `with ${first}`
}

function fieldsOf({ properties = {}, required = [] }: JsonSchema, definitions: Definitions, depth: number) {
  return Object.entries(properties).map(([name, unresolved]): SchemaField => {
    const schema = resolved(unresolved, definitions)
    return {
      name,
      type: typeText(schema, definitions),
      required: required.includes(name),
      description: schema.description,
      default: schema.default === undefined ? undefined : JSON.stringify(schema.default),
      bounds: boundsOf(schema, definitions),
      groups: groupsOf(schema, definitions, depth + 1),
    }
  })
}

function typeText(unresolved: JsonSchema, definitions: Definitions): string {
  const schema = resolved(unresolved, definitions)
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (schema.prefixItems) return `[${schema.prefixItems.map((item) => typeText(item, definitions)).join(', ')}]`
  if (schema.type === 'array') return schema.items ? `list of ${typeText(schema.items, definitions)}` : 'list'
  if (schema.type === 'object')
    return typeof schema.additionalProperties === 'object' ? mapText(schema, definitions) : 'object'
  if (typeof schema.type === 'object') return schema.type.join(' or ')
  if (schema.type) return schema.format ? `${schema.type} (${schema.format})` : schema.type
  const choices = [...new Set(alternatives(schema).map((choice) => typeText(choice, definitions)))]
  return choices.length > 0 ? choices.join(' or ') : 'any'
}

function mapText({ additionalProperties }: JsonSchema, definitions: Definitions): string {
  return `map from name to ${typeText(additionalProperties as JsonSchema, definitions)}`
}

/** zod writes the limits of safe integers for every integer; they are not bounds. */
const isBound = (limit: number | undefined): limit is number =>
  limit !== undefined && Math.abs(limit) < Number.MAX_SAFE_INTEGER

function boundsOf(unresolved: JsonSchema, definitions: Definitions): string | undefined {
  const schema = resolved(unresolved, definitions)
  const choices = alternatives(schema).filter(({ type }) => type !== 'null')
  const direct = [
    rangeText(schema),
    sizeText(schema.minLength, schema.maxLength, 'character'),
    sizeText(schema.minItems, schema.maxItems, 'item'),
  ]
  const inner = [...(schema.items ? [schema.items] : []), ...(choices.length === 1 ? choices : [])]
  const all = [...direct, ...inner.map((item) => boundsOf(item, definitions))].filter((text) => text !== undefined)
  return all.length > 0 ? all.join('; ') : undefined
}

function rangeText({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string | undefined {
  const from = isBound(exclusiveMinimum) ? `> ${exclusiveMinimum}` : isBound(minimum) ? `≥ ${minimum}` : undefined
  const to = isBound(exclusiveMaximum) ? `< ${exclusiveMaximum}` : isBound(maximum) ? `≤ ${maximum}` : undefined
  return from && to ? `${from}, ${to}` : (from ?? to)
}

function sizeText(least: number | undefined, most: number | undefined, unit: string): string | undefined {
  const units = (size: number) => `${size.toLocaleString('en-US')} ${unit}${size === 1 ? '' : 's'}`
  if (isBound(least) && least === most) return units(least)
  if (isBound(least) && least > 0) return isBound(most) ? `${least} to ${units(most)}` : `at least ${units(least)}`
  return isBound(most) ? `at most ${units(most)}` : undefined
}
