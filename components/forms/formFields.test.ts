import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { formSchemaOf } from '../../lib/base/formSchema'
import { formFields, missingFields, problemsByField, settingsOf } from './formFields'

const schema = formSchemaOf(
  z.strictObject({
    batchSize: z.int().positive().default(2048).describe('Tokens per step'),
    learningRate: z.number().positive().optional().describe('Highest learning rate. Default: falls with the width'),
    clip: z.number().positive().nullable().default(1).describe('Bound on the norm; null for none'),
    mode: z.enum(['a', 'b']).default('a').describe('Mode'),
    tied: z.boolean().default(true).describe('Tied weights'),
    d_sae: z.int().positive().describe('Number of latents'),
  }),
)
const fields = formFields(schema)
const named = (name: string) => fields.find((field) => field.name === name)

describe('a form made of a schema', () => {
  it('has the required fields first', () => {
    expect(fields.map(({ name }) => name)).toEqual(['d_sae', 'batchSize', 'learningRate', 'clip', 'mode', 'tied'])
    expect(named('d_sae')).toMatchObject({ required: true, placeholder: '' })
  })

  it('shows defaults in empty fields, and what the defaults follow from', () => {
    expect(named('batchSize')).toMatchObject({ hint: 'Tokens per step', placeholder: '2048' })
    expect(named('learningRate')).toMatchObject({ hint: 'Highest learning rate', placeholder: 'falls with the width' })
  })

  it('knows numbers that may be none, and choices', () => {
    expect(named('clip')).toMatchObject({ hint: 'Bound on the norm; “none” for none' })
    expect(named('mode')?.choices).toEqual(['a', 'b'])
    expect(named('tied')?.choices).toEqual(['true', 'false'])
  })

  it('reads typed values as the command line does', () => {
    const typed = { d_sae: ' 4k ', learningRate: '', clip: 'none', mode: 'b', tied: 'false', batchSize: 'many' }
    expect(settingsOf(fields, typed)).toEqual({ d_sae: 4000, clip: null, mode: 'b', tied: false, batchSize: 'many' })
  })

  it('says what is missing', () => {
    expect(missingFields(fields, { d_sae: '  ' })).toEqual({ d_sae: 'is required' })
    expect(missingFields(fields, { d_sae: '1' })).toEqual({})
  })
})

describe('a refusal', () => {
  it('is split by field', () => {
    const message = 'training configuration: d_sae: Too small: expected >0; k: k cannot exceed d_sae'
    expect(problemsByField(message, ['d_sae', 'k'])).toEqual({
      d_sae: 'Too small: expected >0',
      k: 'k cannot exceed d_sae',
    })
    expect(problemsByField('body.name: Too short', ['name'])).toEqual({ name: 'Too short' })
  })

  it('keeps what belongs to no field', () => {
    expect(problemsByField('the run needs 90 GB', ['d_sae'])).toEqual({ '': 'the run needs 90 GB' })
  })
})
