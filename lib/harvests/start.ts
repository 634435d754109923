/** Starting a harvest: checks its options without loading the model, registers its row, and puts it into the queue. */
import { LoupeError } from '../../trainer/errors'
import type { Corpus } from '../../trainer/corpus/types'
import { siteWidths } from '../../trainer/harvest/sites'
import { differingFields, requireSameProvenance, type HarvestProvenance } from '../../trainer/store/provenance'
import type { Backend } from '../../trainer/tensors/backend'
import { shortCount } from '../base/names'
import type { Database } from '../db/connect'
import type { Harvest } from '../db/generated/client'
import { submitJob } from '../jobs/queue'
import { newestJobs } from '../jobs/subject'
import { hookShapesOf, modelConfigOf, requireAddedModel, type Model } from '../models/rows'
import { insertHarvest, isPlanned, provenanceOf, reopenHarvest } from './rows'
import { harvestJob, type HarvestOptions } from './schema'

/** Known only where the harvest is planned at once. Without them the worker that plans it adds them to the row. */
export interface Planner {
  corpus: Corpus
  backend: Pick<Backend, 'name' | 'fingerprint' | 'device'>
}

/** What the provenance says about gradients. */
const GRADIENTS = { of: 'sum of next-token cross-entropy', reduction: 'sum' } as const

/**
 * The harvest with these options: the stored one if it is made from the same things, otherwise a new row. A failed or
 * cancelled one is pending again.
 * @throws LoupeError for options that do not fit the model, and for a name that belongs to a harvest of other things,
 * with both sides
 */
export async function registerHarvest(
  database: Database,
  model: Model,
  options: HarvestOptions,
  planner?: Planner,
): Promise<Harvest> {
  requireTokenizer(model)
  requireContextSize(model, options.contextSize)
  const { d_in, d_out } = siteWidths(hookShapesOf(model), options)
  if (options.gradients && planner) requireGradients(planner.backend)
  const name = options.name ?? defaultName(model.name, options)
  const provenance = provenanceFor(model, options, d_in, planner)
  const harvest =
    (await remainingHarvest(database, name, provenance)) ??
    (await insertHarvest(database, { name, modelId: model.id, source: options.corpus, d_out, provenance }))
  requireSameProvenance(provenanceOf(harvest), provenance)
  await reopenHarvest(database, harvest.id)
  return harvest
}

/**
 * Registers a harvest and puts it into the queue. A worker plans and computes it. The job is null for a harvest that
 * is finished already.
 */
export async function startHarvest(
  database: Database,
  options: HarvestOptions,
): Promise<{ harvest: Harvest; job: string | null }> {
  const model = await requireAddedModel(database, options.model)
  const harvest = await registerHarvest(database, model, options)
  if (harvest.status === 'finished') return { harvest, job: null }
  return { harvest, job: await submitJob(database, harvestJob, { harvest: harvest.id }) }
}

function provenanceFor(
  model: Model,
  { hook, targetHook, gradients, corpus, dtype, contextSize, tokens, seed }: HarvestOptions,
  d_in: number,
  planner?: Planner,
): HarvestProvenance {
  return {
    model: model.name,
    weightsHash: model.weightsHash,
    tokenizerHash: model.tokenizerHash,
    corpus: planner?.corpus.name ?? corpus,
    hook,
    d_in,
    ...(targetHook === undefined ? {} : { targetHook }),
    ...(gradients ? { gradients: GRADIENTS } : {}),
    dtype,
    contextSize,
    tokens,
    seed,
    ...(planner && plannedBy(planner)),
  }
}

/** The part of the provenance that is known when a harvest is planned. */
export function plannedBy({ corpus, backend }: Planner): Pick<HarvestProvenance, 'corpusHash' | 'engine' | 'device'> {
  return { corpusHash: corpus.hash, engine: backend.fingerprint, device: backend.device }
}

/**
 * The harvest of this name. One of other things that holds nothing and has no job left is deleted instead, so that its
 * name can be used again.
 */
async function remainingHarvest(
  database: Database,
  name: string,
  provenance: HarvestProvenance,
): Promise<Harvest | null> {
  const stored = await database.prisma.harvest.findUnique({ where: { name } })
  if (!stored || isPlanned(stored)) return stored
  const job = (await newestJobs(database, harvestJob, [stored.id])).get(stored.id)
  if (job?.status === 'pending' || job?.status === 'running') return stored
  if (differingFields(provenanceOf(stored), provenance).length === 0) return stored
  await database.prisma.harvest.deleteMany({ where: { id: stored.id, shards: 0 } })
  return null
}

function requireTokenizer({ name, tokenizerHash }: Model): void {
  if (tokenizerHash !== null) return
  throw new LoupeError('unsupported', `the model ${name} has no tokenizer, so it cannot read a corpus`, {
    remedy: 'add the model from a folder that holds tokenizer.json',
  })
}

function requireContextSize(model: Model, contextSize: number): void {
  const { n_ctx } = modelConfigOf(model)
  if (contextSize <= n_ctx) return
  throw new LoupeError(
    'bad-input',
    `contextSize: ${contextSize} tokens are more than the model's context of ${n_ctx} tokens`,
  )
}

/** @throws LoupeError for a backend that computes no gradients */
export function requireGradients({ name }: Pick<Backend, 'name'>): void {
  if (name === 'tensorflow') return
  throw new LoupeError('unsupported', `gradients need TensorFlow, and this process uses the backend "${name}"`, {
    remedy: 'harvest with --backend tensorflow; `npx loupe doctor` says what is missing',
  })
}

function defaultName(model: string, options: HarvestOptions): string {
  const { hook, targetHook, gradients, corpus, tokens, contextSize, dtype, seed } = options
  const parts = [model, hook, corpus.split(/[/\\]/).at(-1) ?? corpus, shortCount(tokens)]
  if (targetHook !== undefined) parts.splice(2, 0, `to ${targetHook}`)
  if (gradients) parts.push('gradients')
  if (contextSize !== 128) parts.push(`ctx${contextSize}`)
  if (dtype !== 'f32') parts.push(dtype)
  if (seed !== 0) parts.push(`seed${seed}`)
  return parts.join('/')
}
