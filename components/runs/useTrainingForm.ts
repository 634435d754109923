'use client'

import type { Typed } from '../forms/formFields'
import { useForm } from '../forms/useForm'
import type { HarvestSummary } from '../../lib/harvests/schema'

/**
 * The state of a form that starts training, with the chosen harvest.
 * @param initial what the address says
 * @param first what the form holds where the address says nothing; the newest finished harvest is added
 */
export function useTrainingForm(harvests: readonly HarvestSummary[], initial: Typed, first: Typed) {
  const form = useForm(() => ({ engine: 'auto', ...newestReady(harvests), ...first, ...initial }))
  const harvest = harvests.find(({ name, id }) => name === form.typed['harvest'] || id === form.typed['harvest'])
  return { ...form, harvest }
}

export type TrainingFormState = ReturnType<typeof useTrainingForm>

function newestReady(harvests: readonly HarvestSummary[]): Typed {
  const ready = harvests.find(({ status }) => status === 'finished')
  return ready ? { harvest: ready.name } : {}
}
