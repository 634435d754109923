/** The batches of a harvest: a fixed number of shards per forward pass, computed and stored together. */
import type { Pool } from 'pg'
import type { HookedModel } from '../model/types'
import { readContexts } from '../store/contexts'
import type { HarvestLayout } from '../store/layout'
import { storeShards, type NewShard } from '../store/shards'
import { harvestContexts, type ContextActivations } from './activations'
import type { HarvestSites } from './sites'

/** Tokens of one forward pass: large enough to keep the cores busy, small enough for the memory of a laptop. */
const BATCH_TOKENS = 3072
/** With the backward pass, which takes several times as long: the worker must send its heartbeat in time. */
const GRADIENT_BATCH_TOKENS = 1536

/** Shards of one forward pass. The layout alone decides, so that a context always has the same neighbours in its batch. */
function shardsPerBatch({ contextSize, contextsPerShard, gradients }: HarvestLayout): number {
  const tokens = gradients ? GRADIENT_BATCH_TOKENS : BATCH_TOKENS
  return Math.max(1, Math.floor(tokens / (contextSize * contextsPerShard)))
}

export function batchCount(layout: HarvestLayout): number {
  return Math.ceil(layout.shards / shardsPerBatch(layout))
}

/** The shards of one batch. */
export function shardsOfBatch(layout: HarvestLayout, batch: number): number[] {
  const perBatch = shardsPerBatch(layout)
  const first = batch * perBatch
  return Array.from({ length: Math.min(perBatch, layout.shards - first) }, (_, at) => first + at)
}

/**
 * Computes and stores the shards `idxs` of one batch. Shards that are stored already are computed too: a context must
 * always have the same neighbours in its batch.
 */
export async function harvestBatch(
  pool: Pool,
  layout: HarvestLayout,
  sites: HarvestSites,
  idxs: readonly number[],
  model: HookedModel,
): Promise<void> {
  const contexts = await readContexts(pool, layout, idxs)
  const tokens = new Int32Array(contexts.reduce((sum, shard) => sum + shard.tokens.length, 0))
  let filled = 0
  for (const shard of contexts) {
    tokens.set(shard.tokens, filled)
    filled += shard.tokens.length
  }
  await storeShards(
    pool,
    layout,
    cutShards(layout, contexts, harvestContexts(model, sites, tokens, layout.contextSize)),
  )
}

/** Cuts the rows of a batch into its shards. */
function cutShards(
  layout: HarvestLayout,
  contexts: readonly { idx: number; tokens: Int32Array }[],
  { activations, target, gradient }: ContextActivations,
): NewShard[] {
  let row = 0
  return contexts.map(({ idx, tokens }) => {
    const [from, to] = [row, (row += tokens.length)]
    const rows = (values: Float32Array, width: number) => values.subarray(from * width, to * width)
    return {
      idx,
      tokens,
      activations: rows(activations, layout.d_in),
      ...(target && { target: rows(target, layout.d_out!) }),
      ...(gradient && { gradient: rows(gradient, layout.d_in) }),
    }
  })
}
