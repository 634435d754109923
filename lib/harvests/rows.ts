/** Harvests as rows: registered when they are requested, planned with all their contexts, then filled shard by shard. */
import { z } from 'zod'
import { LoupeError } from '../../trainer/errors'
import type { ContextPlan } from '../../trainer/corpus/contexts'
import type { Corpus } from '../../trainer/corpus/types'
import type { HarvestSites } from '../../trainer/harvest/sites'
import { writeContexts, type ContextShard } from '../../trainer/store/contexts'
import { transaction } from '../../trainer/store/database'
import { ACTIVATION_DTYPES } from '../../trainer/store/dtype'
import { planShards, shardContexts, type HarvestLayout, type MeasuredLayout } from '../../trainer/store/layout'
import { harvestProvenance, type HarvestProvenance } from '../../trainer/store/provenance'
import { createHarvestStore } from '../../trainer/store/shards'
import { byNameOrId, notThere } from '../base/names'
import type { Database } from '../db/connect'
import type { Harvest } from '../db/generated/client'

export async function requireHarvest({ prisma }: Database, nameOrId: string): Promise<Harvest> {
  const row = await prisma.harvest.findUnique({ where: byNameOrId(nameOrId) })
  return row ?? notThere('harvest', nameOrId, await prisma.harvest.findMany({ select: { name: true } }))
}

export function requireHarvestById({ prisma }: Database, id: string): Promise<Harvest> {
  return prisma.harvest.findUniqueOrThrow({ where: { id } })
}

const StoredDtype = z.enum(ACTIVATION_DTYPES)

export function layoutOf(harvest: Harvest): HarvestLayout {
  return {
    harvestId: harvest.id,
    dtype: StoredDtype.parse(harvest.dtype),
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
    remedy: 'run the same `loupe harvest` again: it continues where it stopped',
  })
}

/** Whether the contexts are stored. Every planned harvest has at least one shard. */
export const isPlanned = ({ shards }: Pick<Harvest, 'shards'>): boolean => shards > 0

/** Number of shards, counted from the first, that hold about this many tokens. Refused before the harvest is planned. */
export function shardsFor(harvest: Harvest, tokens: number): number {
  if (!isPlanned(harvest)) {
    throw new LoupeError('conflict', `the harvest ${harvest.name} is not planned yet`, {
      remedy: 'wait until a worker has computed it',
    })
  }
  return Math.min(harvest.shards, Math.max(1, Math.ceil(tokens / (harvest.contextsPerShard * harvest.contextSize))))
}

export const provenanceOf = ({ provenance }: Pick<Harvest, 'provenance'>): HarvestProvenance =>
  harvestProvenance.parse(provenance)

export function sitesOf({ hook, targetHook, gradients }: Harvest): HarvestSites {
  return { hook, targetHook: targetHook ?? undefined, gradients }
}

export interface NewHarvest {
  name: string
  modelId: string
  /** Name or path of the corpus, as it was typed. */
  source: string
  d_out: number | undefined
  provenance: HarvestProvenance
}

/** Inserts the row of a harvest that is not planned yet. A row with the same name stays, and is returned. */
export async function insertHarvest(
  { prisma }: Database,
  { name, modelId, source, d_out, provenance }: NewHarvest,
): Promise<Harvest> {
  const { corpus, hook, d_in, dtype, contextSize, tokens, seed } = provenance
  const gradients = provenance.gradients !== undefined
  const { id: corpusId } = await prisma.corpus.upsert({
    where: { name: corpus },
    create: { name: corpus, source },
    update: { source },
  })
  const layout = { harvestId: '', contextSize, d_in, d_out, gradients, dtype }
  const { contextsPerShard } = planShards(layout, { train: 0, heldOut: 0 })
  const row = {
    name,
    modelId,
    corpusId,
    hook,
    dtype,
    contextSize,
    dIn: d_in,
    targetHook: provenance.targetHook ?? null,
    dOut: d_out ?? null,
    gradients,
    seed,
    tokensWanted: tokens,
    contextsPerShard,
    provenance,
  }
  await prisma.harvest.createMany({ data: [row], skipDuplicates: true })
  return prisma.harvest.findUniqueOrThrow({ where: { name } })
}

/** Puts a failed or cancelled harvest back to pending. */
export async function reopenHarvest({ prisma }: Database, id: string): Promise<void> {
  await prisma.harvest.updateMany({
    where: { id, status: { in: ['failed', 'cancelled'] } },
    data: { status: 'pending', finishedAt: null },
  })
}

/**
 * Stores all contexts of a harvest, in one transaction with its row, its corpus and its partitions. If another process
 * has planned it meanwhile, that plan stays: it is the same.
 */
export async function storePlan(
  database: Database,
  harvest: Harvest,
  { corpus, plan, provenance }: { corpus: Corpus; plan: ContextPlan; provenance: HarvestProvenance },
): Promise<Harvest> {
  const counts = { train: plan.train.documents.length, heldOut: plan.heldOut.documents.length }
  const layout = planShards(layoutOf(harvest), counts)
  const tokens = plan.train.realTokens + plan.heldOut.realTokens
  const { id, name } = harvest
  await transaction(database.pool, async (client) => {
    const { rows } = await client.query<{ shards: number }>('SELECT shards FROM harvest WHERE id = $1 FOR UPDATE', [id])
    if (!rows[0]) throw new LoupeError('conflict', `the harvest ${name} was replaced by another one with this name`)
    if (isPlanned(rows[0])) return
    await client.query('UPDATE corpus SET hash = $2, documents = $3 WHERE id = $1', [
      harvest.corpusId,
      corpus.hash,
      corpus.documents.length,
    ])
    await client.query(
      `UPDATE harvest SET tokens = $2, train_shards = $3, shards = $4, contexts_per_shard = $5, provenance = $6
       WHERE id = $1`,
      [id, tokens, layout.trainShards, layout.shards, layout.contextsPerShard, JSON.stringify(provenance)],
    )
    await createHarvestStore(client, id)
    await writeContexts(client, layout, contextShards(plan, layout))
  })
  return requireHarvestById(database, id)
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
