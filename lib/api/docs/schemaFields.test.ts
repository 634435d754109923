import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { fieldGroups, typeOf, type JsonSchema } from './schemaFields'

const json = (schema: z.ZodType, io: 'input' | 'output' = 'input') => z.toJSONSchema(schema, { io }) as JsonSchema

function fieldsOf(schema: z.ZodType) {
  return fieldGroups(json(schema)).flatMap(({ fields }) => fields)
}

describe('fields of a schema', () => {
  it('carry type, need, default, bounds and description', () => {
    const fields = fieldsOf(
      z.strictObject({
        n: z.int().min(1).max(512).default(64).describe('How many'),
        rate: z.number().positive().lt(1),
        text: z.string().min(1).max(2000).optional(),
        mode: z.enum(['add', 'set']),
        ids: z.array(z.int().nonnegative()).max(8),
        limit: z.number().min(0).nullable(),
      }),
    )
    expect(fields).toEqual([
      {
        name: 'n',
        type: 'integer',
        required: false,
        description: 'How many',
        default: '64',
        bounds: '≥ 1, ≤ 512',
        groups: [],
      },
      expect.objectContaining({ name: 'rate', type: 'number', required: true, bounds: '> 0, < 1' }),
      expect.objectContaining({ name: 'text', required: false, bounds: '1 to 2,000 characters' }),
      expect.objectContaining({ name: 'mode', type: '"add" | "set"' }),
      expect.objectContaining({ name: 'ids', type: 'list of integer', bounds: 'at most 8 items; ≥ 0' }),
      expect.objectContaining({ name: 'limit', type: 'number or null', bounds: '≥ 0' }),
    ])
  })

  it('leave out the bounds that every integer has', () => {
    expect(fieldsOf(z.strictObject({ id: z.int() }))[0]?.bounds).toBeUndefined()
  })

  it('include those of objects, lists of objects, maps and nullable objects', () => {
    const inner = z.strictObject({ x: z.number() })
    const fields = fieldsOf(
      z.strictObject({ one: inner, list: z.array(inner), map: z.record(z.string(), inner), maybe: inner.nullable() }),
    )
    expect(fields.map(({ type }) => type)).toEqual([
      'object',
      'list of object',
      'map from name to object',
      'object or null',
    ])
    for (const { groups } of fields) {
      expect(groups).toHaveLength(1)
      expect(groups[0]?.title).toBeUndefined()
      expect(groups[0]?.fields.map(({ name }) => name)).toEqual(['x'])
    }
  })

  it('name alternatives by their constants, or by their first field', () => {
    const groups = fieldGroups(
      json(
        z.discriminatedUnion('kind', [
          z.strictObject({ kind: z.literal('feature'), index: z.int() }),
          z.strictObject({ kind: z.literal('vector'), values: z.array(z.number()) }),
        ]),
      ),
    )
    expect(groups.map(({ title }) => title)).toEqual(['kind = "feature"', 'kind = "vector"'])
    const plain = fieldGroups(json(z.union([z.strictObject({ a: z.int() }), z.strictObject({ b: z.int() })])))
    expect(plain.map(({ title }) => title)).toEqual(['with a', 'with b'])
  })

  it('follow references, and stop in schemas that contain themselves', () => {
    interface Tree {
      children: Tree[]
    }
    const tree: z.ZodType<Tree> = z.lazy(() => z.strictObject({ children: z.array(tree) })).meta({ id: 'Tree' })
    const schema = json(z.strictObject({ root: tree }))
    let depth = 0
    for (let fields = fieldGroups(schema)[0]?.fields; fields?.[0]; fields = fields[0].groups[0]?.fields) depth++
    expect(depth).toBeGreaterThan(2)
    expect(depth).toBeLessThan(20)
  })

  it('name bare types', () => {
    expect(typeOf(json(z.array(z.tuple([z.string(), z.number()]))))).toBe('list of [string, number]')
    expect(typeOf(json(z.uuid()))).toBe('string (uuid)')
    expect(typeOf(json(z.number().nullable()))).toBe('number or null')
    expect(typeOf({})).toBe('any')
  })
})
