/** Job `harvest`: runs the planned contexts through the model up to the hook and stores what it sees there. */
import { z } from 'zod'
import { LoupeError } from '../../trainer/errors'
import { harvestContexts, type HarvestSites } from '../../trainer/harvest/activations'
import type { HookedModel } from '../../trainer/model/types'
import { readContexts } from '../../trainer/store/contexts'
import type { HarvestLayout } from '../../trainer/store/layout'
import { measureHarvest } from '../../trainer/store/measure'
import { harvestProvenance } from '../../trainer/store/provenance'
import { missingShards, storeShards } from '../../trainer/store/shards'
import type { Database } from '../db/connect'
import type { Harvest } from '../db/generated/client'
import { layoutOf } from './rows'
import { loadModel, requireModelById } from '../models/rows'
import { defineJobKind, type JobContext } from '../jobs/kind'
import { harvestJob } from '../jobs/specs'

/** Batches `[from, to)` of the harvest. */
const Part = z.strictObject({ from: z.int().min(0), to: z.int().min(1) })

/** Tokens of one forward pass: large enough to keep the cores busy, small enough for the memory of a laptop. */
const BATCH_TOKENS = 3072
/** With the backward pass, which takes several times as long: the worker must come to its heartbeat. */
const GRADIENT_BATCH_TOKENS = 1536
/** A part is a few seconds of work on two cores: what a killed worker loses at most. */
const BATCHES_PER_PART = 2

/** Shards of one forward pass. Fixed by the layout, so that a context always has the same neighbours in its batch. */
function shardsPerBatch({ contextSize, contextsPerShard, gradients }: HarvestLayout): number {
  const tokens = gradients ? GRADIENT_BATCH_TOKENS : BATCH_TOKENS
  return Math.max(1, Math.floor(tokens / (contextSize * contextsPerShard)))
}

export const harvestKind = defineJobKind({
  ...harvestJob,
  part: Part,

  async plan({ harvest: id }, { database, backend }) {
    const harvest = await findHarvest(database, id)
    requireEngine(harvest, backend.fingerprint)
    const layout = layoutOf(harvest)
    const batches = Math.ceil(layout.shards / shardsPerBatch(layout))
    const tokensUntil = (batch: number) => Math.round((harvest.tokens! / batches) * batch)
    await database.prisma.harvest.update({ where: { id }, data: { status: 'running' } })
    return Array.from({ length: Math.ceil(batches / BATCHES_PER_PART) }, (_, part) => {
      const from = part * BATCHES_PER_PART
      const to = Math.min(from + BATCHES_PER_PART, batches)
      return { spec: { from, to }, total: tokensUntil(to) - tokensUntil(from) }
    })
  },

  async run({ harvest: id }, { from, to }, context) {
    const { database, stage, cache } = context
    const harvest = await findHarvest(database, id)
    const layout = layoutOf(harvest)
    const missing = new Set(await missingShards(database.pool, layout))
    const { model } = await cache.get(`model ${harvest.modelId}`, () => openHarvestModel(context, harvest))
    const perBatch = shardsPerBatch(layout)
    const { hook, targetHook, gradients } = harvest
    const sites = { hook, targetHook: targetHook ?? undefined, gradients }
    for (let batch = from; batch < to; batch++) {
      if (stage.signal.aborted) throw new LoupeError('cancelled', 'the harvest was interrupted')
      const first = batch * perBatch
      const shards = Array.from({ length: Math.min(perBatch, layout.shards - first) }, (_, at) => first + at)
      if (shards.some((idx) => missing.has(idx))) await harvestBatch(database, layout, sites, shards, model)
      stage.report(batch + 1 - from, to - from)
    }
    return undefined
  },

  async finish({ harvest: id }, _parts, { database }) {
    const harvest = await findHarvest(database, id)
    const layout = layoutOf(harvest)
    const { tokens, medianNorm, excluded } = await measureHarvest(database.pool, layout)
    await database.prisma.harvest.update({
      where: { id },
      data: { tokens, medianNorm, excluded: { ...excluded }, status: 'finished', finishedAt: new Date() },
    })
    return { harvest: harvest.name, tokens, medianNorm }
  },
})

function findHarvest(database: Database, id: string): Promise<Harvest> {
  return database.prisma.harvest.findUniqueOrThrow({ where: { id } })
}

function requireEngine(harvest: Harvest, fingerprint: string): void {
  const { engine } = harvestProvenance.parse(harvest.provenance)
  if (engine === fingerprint) return
  throw new LoupeError(
    'mismatch',
    `the harvest ${harvest.name} belongs to the engine "${engine}", this is "${fingerprint}"`,
    {
      remedy: 'go on there, or harvest anew here under another --name',
    },
  )
}

async function openHarvestModel({ database, stage }: JobContext, harvest: Harvest) {
  const row = await requireModelById(database, harvest.modelId)
  const { model } = await loadModel(database, row, { ...stage, report: () => undefined })
  return { model, dispose: () => model.dispose() }
}

/** All shards of a batch are computed, those stored already too: a context must always have the same neighbours. */
async function harvestBatch(
  { pool }: Database,
  layout: HarvestLayout,
  sites: HarvestSites,
  idxs: number[],
  model: HookedModel,
): Promise<void> {
  const contexts = await readContexts(pool, layout, idxs)
  const tokens = new Int32Array(contexts.reduce((sum, shard) => sum + shard.tokens.length, 0))
  let filled = 0
  for (const shard of contexts) {
    tokens.set(shard.tokens, filled)
    filled += shard.tokens.length
  }
  const { activations, target, gradient } = harvestContexts(model, sites, tokens, layout.contextSize)
  let row = 0
  const shards = contexts.map(({ idx, tokens: own }) => {
    const [from, to] = [row, (row += own.length)]
    const rows = (of: Float32Array, width: number) => of.subarray(from * width, to * width)
    return {
      idx,
      tokens: own,
      activations: rows(activations, layout.d_in),
      ...(target && { target: rows(target, layout.d_out!) }),
      ...(gradient && { gradient: rows(gradient, layout.d_in) }),
    }
  })
  await storeShards(pool, layout, shards)
}
