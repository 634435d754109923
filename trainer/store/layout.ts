/** Where a harvest's contexts, tokens and rows lie. Shard ↔ contexts is arithmetic; nothing of it is looked up. */
import { BYTES_PER_VALUE, type ActivationDtype } from './dtype'

/** Rows of about 1 MB are read and written fastest; 64 KB and 4 MB both lose. */
const SHARD_BYTES = 2 ** 20

export type Split = 'train' | 'held-out'

/** What a harvest may hold of every position besides its activation. */
export const BESIDE = ['target', 'gradient'] as const
export type Companion = (typeof BESIDE)[number]

/** The shards of one harvest: training shards first, then held-out ones. */
export interface HarvestLayout {
  harvestId: string
  dtype: ActivationDtype
  d_in: number
  /** Width of what a transcoder reconstructs; absent where no targets are stored. */
  d_out?: number
  /** Whether dLoss/dx is stored beside every activation. */
  gradients?: boolean
  contextSize: number
  contextsPerShard: number
  trainShards: number
  shards: number
}

/** A finished harvest: what decides which rows count is known. */
export interface MeasuredLayout extends HarvestLayout {
  /** Median L2 norm over positions that are neither padding nor first in their context. */
  medianNorm: number
}

/** Width of what is stored beside the activations; undefined where it is not. */
export function companionWidth({ d_in, d_out, gradients }: HarvestLayout, beside: Companion): number | undefined {
  if (beside === 'target') return d_out
  return gradients ? d_in : undefined
}

function contextsPerShard(layout: Pick<HarvestLayout, 'contextSize' | 'd_in' | 'dtype'>): number {
  const bytesPerContext = layout.contextSize * layout.d_in * BYTES_PER_VALUE[layout.dtype]
  return Math.max(1, Math.floor(SHARD_BYTES / bytesPerContext))
}

/** Layout of a harvest with this many contexts of training and of held-out documents. */
export function planShards(
  harvest: Omit<HarvestLayout, 'contextsPerShard' | 'trainShards' | 'shards'>,
  contexts: { train: number; heldOut: number },
): HarvestLayout {
  const perShard = contextsPerShard(harvest)
  const trainShards = Math.ceil(contexts.train / perShard)
  const shards = trainShards + Math.ceil(contexts.heldOut / perShard)
  return { ...harvest, contextsPerShard: perShard, trainShards, shards }
}

/** Shards `[from, to)` of a split. */
export function splitShards(layout: HarvestLayout, split: Split): { from: number; to: number } {
  return split === 'train' ? { from: 0, to: layout.trainShards } : { from: layout.trainShards, to: layout.shards }
}

/**
 * Which contexts of its split a shard holds: `[first, end)` in the split's own list of contexts, where `end` may lie
 * past the list's end for the last shard. The context number in the database is `idx * contextsPerShard + place`.
 */
export function shardContexts(layout: HarvestLayout, idx: number): { split: Split; first: number; end: number } {
  const split: Split = idx < layout.trainShards ? 'train' : 'held-out'
  const first = (idx - splitShards(layout, split).from) * layout.contextsPerShard
  return { split, first, end: first + layout.contextsPerShard }
}
