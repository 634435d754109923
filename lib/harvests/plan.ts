/** Planning a harvest: reads the corpus, tokenizes it, and stores every context that the harvest runs. */
import { LoupeError } from '../../trainer/errors'
import { planContexts } from '../../trainer/corpus/contexts'
import { openCorpus } from '../../trainer/corpus/corpus'
import type { Corpus } from '../../trainer/corpus/types'
import type { LoadedModel } from '../../trainer/model/types'
import type { Stage } from '../../trainer/progress'
import { requireSameProvenance } from '../../trainer/store/provenance'
import type { Backend } from '../../trainer/tensors/backend'
import type { Database } from '../db/connect'
import type { Harvest } from '../db/generated/client'
import type { Model } from '../models/rows'
import { isPlanned, provenanceOf, storePlan } from './rows'
import { plannedBy, registerHarvest, requireGradients } from './start'
import type { HarvestOptions } from './schema'

export interface Planning {
  loaded: Pick<LoadedModel, 'tokenizer'>
  backend: Pick<Backend, 'name' | 'fingerprint' | 'device'>
  stage: Stage
}

/** Registers a harvest and plans it in this process. `notes` are what a reader of the results must know of the corpus. */
export async function prepareHarvest(
  database: Database,
  { row, options, ...planning }: Planning & { row: Model; options: HarvestOptions },
): Promise<{ harvest: Harvest; notes: string[] }> {
  const corpus = openCorpus(options.corpus)
  const harvest = await registerHarvest(database, row, options, { corpus, backend: planning.backend })
  return { harvest: await planHarvest(database, harvest, corpus, planning), notes: corpus.notes }
}

/**
 * Stores the contexts of a registered harvest; a planned one is returned as it is.
 * @throws LoupeError when the corpus or the engine is not the one the harvest was registered with
 */
export async function planHarvest(
  database: Database,
  harvest: Harvest,
  corpus: Corpus,
  { loaded: { tokenizer }, backend, stage }: Planning,
): Promise<Harvest> {
  if (isPlanned(harvest)) return harvest
  if (harvest.gradients) requireGradients(backend)
  if (!tokenizer) throw new LoupeError('unsupported', `the model of the harvest ${harvest.name} has no tokenizer`)
  const stored = provenanceOf(harvest)
  const provenance = { ...stored, ...plannedBy({ corpus, backend }) }
  requireSameProvenance(stored, provenance)
  const plan = planContexts(corpus.documents, (text) => tokenizer.encode(text), stored, stage)
  return storePlan(database, harvest, { corpus, plan, provenance })
}
