import { describe, expect, it } from 'vitest'
import { formSchemaOf } from '../../lib/base/formSchema'
import { HarvestRequest } from '../../lib/harvests/schema'
import type { ListedModel } from '../../lib/models/schema'
import { missingFields, settingsOf } from '../forms/formFields'
import { completed, harvestFields } from './harvestForm'

function model(name: string, layers: number): ListedModel {
  const blocks = Array.from({ length: layers }, (_, layer) => layer)
  const hooks = blocks.flatMap((layer) =>
    ['hook_resid_pre', 'hook_resid_post'].map((hook) => `blocks.${layer}.${hook}`),
  )
  return {
    id: name,
    name,
    family: 'llama',
    layers,
    dModel: 8,
    context: 64,
    vocabulary: 10,
    hooks: hooks.map((hook) => ({ name: hook, width: 8 })),
  }
}

const MODELS = [model('small', 4), model('large', 8)]
const schema = formSchemaOf(HarvestRequest)
const fieldsOf = (typed: Record<string, string>) => harvestFields(schema, MODELS, completed(MODELS, typed))
const choicesOf = (typed: Record<string, string>, name: string) =>
  fieldsOf(typed).find((field) => field.name === name)?.choices

describe('the form of a harvest', () => {
  it('has a field for every option, required ones first', () => {
    const names = fieldsOf({}).map(({ name }) => name)
    expect(names.slice(0, 2)).toEqual(['model', 'hook'])
    expect(names.toSorted()).toEqual(Object.keys(HarvestRequest.shape).toSorted())
  })

  it('starts with the first model and its residual stream halfway up', () => {
    expect(completed(MODELS, {})).toEqual({ model: 'small', hook: 'blocks.1.hook_resid_post' })
    expect(completed(MODELS, { model: 'large' })).toMatchObject({ hook: 'blocks.3.hook_resid_post' })
    expect(completed([], {})).toEqual({})
  })

  it('replaces hooks that the chosen model does not have', () => {
    const typed = { model: 'small', hook: 'blocks.7.hook_resid_pre', targetHook: 'blocks.7.hook_resid_post', seed: '3' }
    expect(completed(MODELS, typed)).toEqual({ model: 'small', hook: 'blocks.1.hook_resid_post', seed: '3' })
    expect(completed(MODELS, { ...typed, model: 'large' })).toEqual({ ...typed, model: 'large' })
  })

  it('offers the models, the hooks of the chosen model, and targets after the hook', () => {
    expect(choicesOf({}, 'model')).toEqual(['small', 'large'])
    expect(choicesOf({ model: 'large' }, 'hook')).toHaveLength(16)
    expect(choicesOf({ hook: 'blocks.3.hook_resid_pre' }, 'targetHook')).toEqual(['blocks.3.hook_resid_post'])
    expect(choicesOf({}, 'corpus')).toEqual(['sotu', 'brown'])
    expect(choicesOf({}, 'dtype')).toEqual(['f32', 'bf16'])
  })

  it('sends only typed values, which the API accepts', () => {
    const typed = completed(MODELS, { tokens: '1.5M', gradients: 'true', name: ' mine ' })
    const fields = harvestFields(schema, MODELS, typed)
    expect(missingFields(fields, typed)).toEqual({})
    const settings = settingsOf(fields, typed)
    const chosen = { model: 'small', hook: 'blocks.1.hook_resid_post' }
    expect(settings).toEqual({ ...chosen, tokens: 1_500_000, gradients: true, name: 'mine' })
    expect(HarvestRequest.parse(settings)).toMatchObject({ corpus: 'sotu', contextSize: 128, dtype: 'f32' })
  })
})
