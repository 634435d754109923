/** Steering with the models and dictionaries in the memory of the compute process. */
import type { Dictionary } from '../../trainer/sae/dictionary/dictionary'
import type { SteeringEvent } from '../../trainer/steering/events'
import type { Intervention } from '../../trainer/steering/intervention'
import { streamSteering, type SteeringLimits } from '../../trainer/steering/steer'
import { requireAddedModel } from '../models/rows'
import { dictionaryResolver } from '../steering/resolve'
import { MAX_TOKENS } from './protocol'
import type { Resources } from './resources'
import type { Lease } from './sharedCache'

const LIMITS: SteeringLimits = { promptTokens: MAX_TOKENS, cacheBytes: 2 ** 30 }

export async function* steeringEvents(
  resources: Resources,
  intervention: Intervention,
  signal: AbortSignal,
): AsyncGenerator<SteeringEvent, void, undefined> {
  const row = await requireAddedModel(resources.database, intervention.model)
  using model = await resources.model(row)
  const leases: Lease<Dictionary>[] = []
  const resolve = dictionaryResolver(resources.database, row, async (dictionary) => {
    const lease = await resources.dictionary(dictionary)
    leases.push(lease)
    return lease.value
  })
  try {
    yield* streamSteering(model.value.loaded, resolve, intervention, { signal, limits: LIMITS })
  } finally {
    for (const lease of leases) lease[Symbol.dispose]()
  }
}
