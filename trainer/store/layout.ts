/** Where a harvest's contexts, tokens and rows are stored. Shard ↔ contexts is arithmetic; no table lists it. */
import { BYTES_PER_VALUE, type ActivationDtype } from './dtype'

/** Rows of about 1 MB are read and written fastest; 64 KB and 4 MB are both slower. */
const SHARD_BYTES = 2 ** 20

export type Split = 'train' | 'held-out'

/** What a harvest may store for every position in addition to its activation. */
export const COMPANIONS = ['target', 'gradient'] as const
export type Companion = (typeof COMPANIONS)[number]

/** The shards of one harvest: training shards first, then held-out ones. */
export interface HarvestLayout {
  harvestId: string
  dtype: ActivationDtype
  d_in: number
  /** Width of a transcoder's targets; absent if no targets are stored. */
  d_out?: number
  /** Whether dLoss/dx is stored with every activation. */
  gradients?: boolean
  contextSize: number
  contextsPerShard: number
  trainShards: number
  shards: number
}

/** The layout of a finished harvest, with the median that decides which rows count. */
export interface MeasuredLayout extends HarvestLayout {
  /** Median L2 norm over positions that are neither padding nor first in their context. */
  medianNorm: number
}

/** Width of a companion of the activations; undefined if the harvest does not store it. */
export function companionWidth({ d_in, d_out, gradients }: HarvestLayout, companion: Companion): number | undefined {
  if (companion === 'target') return d_out
  return gradients ? d_in : undefined
}

function contextsPerShard(layout: Pick<HarvestLayout, 'contextSize' | 'd_in' | 'dtype'>): number {
  const bytesPerContext = layout.contextSize * layout.d_in * BYTES_PER_VALUE[layout.dtype]
  return Math.max(1, Math.floor(SHARD_BYTES / bytesPerContext))
}

/** Layout of a harvest with this many contexts from training documents and from held-out documents. */
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
 * Which contexts of its split a shard holds: `[first, end)` in the split's list of contexts, where `end` of the last shard
 * may be past the end of the list. The context number in the database is `idx * contextsPerShard + place`.
 */
export function shardContexts(layout: HarvestLayout, idx: number): { split: Split; first: number; end: number } {
  const split: Split = idx < layout.trainShards ? 'train' : 'held-out'
  const first = (idx - splitShards(layout, split).from) * layout.contextsPerShard
  return { split, first, end: first + layout.contextsPerShard }
}
