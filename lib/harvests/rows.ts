/** Harvests: planned once with all their contexts, then filled in parts by whoever takes part. */
import { randomUUID } from 'node:crypto'
import { openCorpus } from '../../trainer/corpus/corpus'
import { planContexts, type ContextPlan } from '../../trainer/corpus/contexts'
import type { Corpus } from '../../trainer/corpus/types'
import { LoupeError } from '../../trainer/errors'
import { hookWidth, targetWidth } from '../../trainer/harvest/activations'
import type { LoadedModel } from '../../trainer/model/types'
import type { Stage } from '../../trainer/progress'
import { writeContexts, type ContextShard } from '../../trainer/store/contexts'
import { transaction } from '../../trainer/store/database'
import type { ActivationDtype } from '../../trainer/store/dtype'
import { planShards, shardContexts, type HarvestLayout, type MeasuredLayout } from '../../trainer/store/layout'
import { harvestProvenance, requireSameProvenance, type HarvestProvenance } from '../../trainer/store/provenance'
import { createHarvestStore } from '../../trainer/store/shards'
import type { Backend } from '../../trainer/tensors/backend'
import type { Database } from '../db/client'
import type { Harvest, Model } from '../db/generated/client'
import type { DictionaryRow } from '../dictionaries/rows'
import { byNameOrId, notThere, shortCount } from '../base/names'

export interface HarvestOptions {
  hook: string
  /** Also what transcoders reconstruct: the values at this hook. */
  targetHook?: string | undefined
  /** Also dLoss/dx at the hook. */
  gradients?: boolean
  corpus: string
  tokens: number
  contextSize: number
  dtype: ActivationDtype
  seed: number
  /** Default: model, hook, corpus and size. */
  name?: string
}

export async function requireHarvest(database: Database, asked: string): Promise<Harvest> {
  const row = await database.prisma.harvest.findUnique({ where: byNameOrId(asked) })
  return row ?? notThere('harvest', asked, await database.prisma.harvest.findMany({ select: { name: true } }))
}

export function layoutOf(harvest: Harvest): HarvestLayout {
  return {
    harvestId: harvest.id,
    dtype: harvest.dtype as ActivationDtype,
    d_in: harvest.dIn,
    ...(harvest.dOut === null ? {} : { d_out: harvest.dOut }),
    gradients: harvest.gradients,
    contextSize: harvest.contextSize,
    contextsPerShard: harvest.contextsPerShard,
    trainShards: harvest.trainShards,
    shards: harvest.shards,
  }
}

/** The layout of a finished harvest. */
export function measuredLayoutOf(harvest: Harvest): MeasuredLayout {
  if (harvest.status === 'finished' && harvest.medianNorm !== null) {
    return { ...layoutOf(harvest), medianNorm: harvest.medianNorm }
  }
  throw new LoupeError('conflict', `the harvest ${harvest.name} is not finished`, {
    remedy: 'run the same `loupe harvest` again: it goes on where it was',
  })
}

/** Finished harvests that a dictionary can be measured on: of its model and hook, with the targets of a transcoder. */
export async function fittingHarvests(
  { prisma }: Database,
  { modelId, hook, targetHook, config }: Pick<DictionaryRow, 'modelId' | 'hook' | 'targetHook' | 'config'>,
): Promise<{ id: string; name: string }[]> {
  if (modelId === null || hook === null) return []
  const { d_out: dOut } = config as { d_out?: number }
  const targets = dOut === undefined ? {} : { dOut, ...(targetHook !== null && { targetHook }) }
  return prisma.harvest.findMany({
    where: { modelId, hook, status: 'finished', ...targets },
    orderBy: { createdAt: 'desc' },
    select: { id: true, name: true },
  })
}

/** The harvest a dictionary is measured on: the one asked for, else the one it was trained on, else the only one that fits. */
export async function harvestOf(database: Database, dictionary: DictionaryRow, asked?: string): Promise<Harvest> {
  if (asked !== undefined) return requireHarvest(database, asked)
  const run = dictionary.runId ? await database.prisma.run.findUnique({ where: { id: dictionary.runId } }) : null
  // A dictionary that was made of a checkpoint is not its run's.
  const trainedOn = run?.harvestId ?? (dictionary.provenance as { harvest?: string }).harvest
  if (trainedOn !== undefined) return requireHarvest(database, trainedOn)
  const fitting = await fittingHarvests(database, dictionary)
  if (fitting.length === 1) return requireHarvest(database, fitting[0]!.id)
  const [found, remedy] =
    fitting.length === 0
      ? ['no harvest is of its model and hook', `make one: npx loupe harvest --hook ${dictionary.hook ?? 'HOOK'}`]
      : ['several harvests fit it', `name one: ${fitting.map(({ name }) => `--harvest ${name}`).join(' or ')}`]
  throw new LoupeError('bad-usage', `the dictionary ${dictionary.name} was not trained here, and ${found}`, { remedy })
}

/** How many shards, from the first, hold about this many tokens. */
export function shardsFor(harvest: Harvest, tokens: number): number {
  return Math.min(harvest.shards, Math.max(1, Math.ceil(tokens / (harvest.contextsPerShard * harvest.contextSize))))
}

/**
 * The harvest of these options: the stored one when it was made from the same things, else a new one, written with
 * all its contexts in one transaction. A harvest of that name made from other things is refused, naming both sides.
 */
export async function prepareHarvest(
  database: Database,
  given: { row: Model; loaded: LoadedModel; backend: Backend; options: HarvestOptions; stage: Stage },
): Promise<{ harvest: Harvest; notes: string[] }> {
  const { row, loaded, backend, options, stage } = given
  if (!loaded.tokenizer) {
    throw new LoupeError('unsupported', `the model ${row.name} has no tokenizer, so it cannot read a corpus`, {
      remedy: 'add the model from a folder that holds tokenizer.json',
    })
  }
  requireContextSize(loaded, options.contextSize)
  const { hook, targetHook, gradients = false } = options
  const d_in = hookWidth(loaded.model, hook)
  const d_out = targetHook === undefined ? undefined : targetWidth(loaded.model, hook, targetHook)
  if (gradients && backend.name !== 'tensorflow') throw withoutGradients(backend.name)
  const corpus = openCorpus(options.corpus)
  const provenance: HarvestProvenance = {
    model: row.name,
    weightsHash: row.weightsHash,
    tokenizerHash: loaded.tokenizer.hash,
    corpus: corpus.name,
    corpusHash: corpus.hash,
    hook,
    d_in,
    ...(targetHook === undefined ? {} : { targetHook }),
    ...(gradients ? { gradients: GRADIENTS } : {}),
    dtype: options.dtype,
    contextSize: options.contextSize,
    tokens: options.tokens,
    seed: options.seed,
    engine: backend.fingerprint,
    device: backend.device,
  }
  const name = options.name ?? defaultName(row.name, options)
  const stored = await database.prisma.harvest.findUnique({ where: { name } })
  if (stored) {
    requireSameProvenance(harvestProvenance.parse(stored.provenance), provenance)
    return { harvest: stored, notes: corpus.notes }
  }
  const { tokenizer } = loaded
  const plan = planContexts(corpus.documents, (text) => tokenizer.encode(text), options, stage)
  const harvest = await storePlan(database, {
    name,
    modelId: row.id,
    corpus,
    plan,
    widths: { d_in, d_out },
    options,
    provenance,
  })
  return { harvest, notes: corpus.notes }
}

/** What the gradients are, as the provenance says it. */
const GRADIENTS = { of: 'sum of next-token cross-entropy', reduction: 'sum' } as const

function withoutGradients(backend: string): LoupeError {
  return new LoupeError('unsupported', `gradients need TensorFlow, and this is the backend "${backend}"`, {
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

function requireContextSize({ model }: LoadedModel, contextSize: number): void {
  const { n_ctx } = model.config
  if (contextSize <= n_ctx) return
  throw new LoupeError('bad-input', `--context ${contextSize} is longer than the model's context of ${n_ctx} tokens`)
}

async function storePlan(
  database: Database,
  planned: {
    name: string
    modelId: string
    corpus: Corpus
    plan: ContextPlan
    widths: { d_in: number; d_out: number | undefined }
    options: HarvestOptions
    provenance: HarvestProvenance
  },
): Promise<Harvest> {
  const { name, modelId, corpus, plan, options, provenance } = planned
  const { d_in, d_out } = planned.widths
  const { id: corpusId } = await storeCorpus(database, corpus, options.corpus)
  const { hook, targetHook, gradients = false, dtype, contextSize, seed } = options
  const harvestId = randomUUID()
  const counts = { train: plan.train.documents.length, heldOut: plan.heldOut.documents.length }
  const layout = planShards({ harvestId, contextSize, d_in, d_out, gradients, dtype }, counts)
  const columns = {
    id: harvestId,
    name,
    model_id: modelId,
    corpus_id: corpusId,
    provenance: JSON.stringify(provenance),
    hook,
    dtype,
    context_size: contextSize,
    d_in,
    seed,
    tokens_wanted: options.tokens,
    tokens: plan.train.realTokens + plan.heldOut.realTokens,
    train_shards: layout.trainShards,
    shards: layout.shards,
    contexts_per_shard: layout.contextsPerShard,
    target_hook: targetHook ?? null,
    d_out: d_out ?? null,
    gradients,
  }
  // Plain SQL, so that the row, its partitions and its contexts come in one transaction or not at all.
  await transaction(database.pool, async (client) => {
    const names = Object.keys(columns)
    const places = names.map((_, index) => `$${index + 1}`)
    await client.query(
      `INSERT INTO harvest (${names.join(', ')}) VALUES (${places.join(', ')})`,
      Object.values(columns),
    )
    await createHarvestStore(client, harvestId)
    await writeContexts(client, layout, contextShards(plan, layout))
  })
  return database.prisma.harvest.findUniqueOrThrow({ where: { id: harvestId } })
}

function storeCorpus(database: Database, corpus: Corpus, source: string) {
  const data = { source, hash: corpus.hash, documents: corpus.documents.length }
  return database.prisma.corpus.upsert({
    where: { name: corpus.name },
    create: { name: corpus.name, ...data },
    update: data,
  })
}

function* contextShards(plan: ContextPlan, layout: HarvestLayout): Generator<ContextShard> {
  for (let idx = 0; idx < layout.shards; idx++) {
    const { split, first, end } = shardContexts(layout, idx)
    const { tokens, documents } = split === 'train' ? plan.train : plan.heldOut
    yield {
      idx,
      heldOut: split === 'held-out',
      documents: documents.slice(first, end),
      tokens: tokens.slice(first * layout.contextSize, end * layout.contextSize),
    }
  }
}
