import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { kebab, parseNumber, typedText, typedValue, type FieldShape } from './settingsText'

const shape = (schema: z.ZodType) => z.toJSONSchema(schema) as FieldShape

describe('numbers as they are typed', () => {
  it.each([
    ['32', 32],
    ['200k', 200_000],
    ['1.5M', 1_500_000],
    ['2e5', 200_000],
    ['1_000', 1000],
    ['-0.5', -0.5],
  ])('%s', (text, value) => expect(parseNumber(text)).toBe(value))

  it.each(['', 'k', 'many', '1.2.3', '1e999', '12 k'])('%j stays text', (text) => expect(parseNumber(text)).toBe(text))
})

describe('settings as they are typed', () => {
  it('become values of their field', () => {
    expect(typedValue('4k', shape(z.int()))).toBe(4000)
    expect(typedValue('1, 2,', shape(z.array(z.int())))).toEqual([1, 2])
    expect(typedValue('4k', shape(z.string()))).toBe('4k')
    expect(typedValue(true, shape(z.boolean()))).toBe(true)
  })

  it('can be none if the field allows it', () => {
    const nullable = shape(z.number().nullable())
    expect(typedValue('none', nullable)).toBeNull()
    expect(typedValue('1', nullable)).toBe(1)
    expect(typedValue('none', shape(z.number()))).toBe('none')
  })

  it.each([4000, null, [1, 2], 'text', 6.25e-10])('%j is typed so that the same value returns', (value) => {
    const schema = Array.isArray(value)
      ? z.array(z.int())
      : typeof value === 'string'
        ? z.string()
        : z.number().nullable()
    expect(typedValue(typedText(value), shape(schema))).toEqual(value)
  })

  it('have the names of flags', () => {
    expect(kebab('d_sae')).toBe('d-sae')
    expect(kebab('auxCoefficient')).toBe('aux-coefficient')
  })
})
