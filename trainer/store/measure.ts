/** Figures from the norms of a complete harvest: the median, and which positions count. */
import type { Pool } from 'pg'
import { readBinary } from './binary'
import { PADDING } from '../positions'
import { countedRows, type ExcludedCounts } from './counting'
import { float32FromBytes, int32FromBytes } from './dtype'
import { splitShards, type HarvestLayout, type MeasuredLayout, type Split } from './layout'
import { missingShard } from './missing'

export interface HarvestMeasures {
  /** Tokens that are not padding. */
  tokens: number
  /** Lower median of the norms of positions that are neither padding nor first in their context. */
  medianNorm: number
  excluded: ExcludedCounts
}

interface NormShard {
  /** `[contexts, contextSize]`; −1 is padding. */
  tokens: Int32Array
  /** `[contexts, contextSize]` */
  norms: Float32Array
}

/**
 * Measures a complete harvest. The median is exact and needs no sorting: norms are not negative, so their bits sort as
 * the norms do, and two passes of counting find first the upper half of the median's bits and then the lower half. Memory
 * does not grow with the harvest. Throws `not-found` if a shard is missing.
 */
export async function measureHarvest(pool: Pool, layout: HarvestLayout): Promise<HarvestMeasures> {
  const { upper, rank } = await medianUpperBits(pool, layout)
  const lowerCounts = await countBits(pool, layout, (bits) => (bits >>> 16 === upper ? bits & 0xffff : -1))
  const lower = locate(lowerCounts, rank).bin
  const medianNorm = new Float32Array(Uint32Array.of((upper << 16) | lower).buffer)[0]!
  return { medianNorm, ...(await countExcluded(pool, { ...layout, medianNorm })) }
}

/** How many rows of each shard of a split count (see `countedRows`). */
export async function countRows(pool: Pool, layout: MeasuredLayout, split: Split): Promise<number[]> {
  const counts: number[] = []
  for await (const { tokens, norms } of readNorms(pool, layout, splitShards(layout, split))) {
    counts.push(countedRows(tokens, norms, layout).length)
  }
  return counts
}

/** Tokens and norms of shards `[from, to)`, in order. */
async function* readNorms(
  pool: Pool,
  { harvestId, shards }: HarvestLayout,
  { from, to } = { from: 0, to: shards },
): AsyncGenerator<NormShard, void, undefined> {
  const text = `SELECT idx, c.tokens, a.norms FROM context_shard c JOIN activation_shard a USING (harvest_id, idx)
    WHERE harvest_id = $1 AND idx >= $2 AND idx < $3 ORDER BY idx`
  let next = from
  for await (const [idx, tokens, norms] of readBinary(pool, { text, values: [harvestId, from, to] })) {
    if (idx!.readInt32BE() !== next) break
    next++
    yield { tokens: int32FromBytes(tokens!), norms: float32FromBytes(norms!) }
  }
  if (next < to) throw missingShard(harvestId, next)
}

async function medianUpperBits(pool: Pool, layout: HarvestLayout): Promise<{ upper: number; rank: number }> {
  const counts = await countBits(pool, layout, (bits) => bits >>> 16)
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return { upper: 0, rank: 0 }
  const { bin, rank } = locate(counts, Math.floor((total - 1) / 2))
  return { upper: bin, rank }
}

/** Histogram of 16 bits of the norms of positions that are neither padding nor first; `bin` −1 skips a norm. */
async function countBits(pool: Pool, layout: HarvestLayout, bin: (bits: number) => number): Promise<Float64Array> {
  const counts = new Float64Array(65_536)
  for await (const { tokens, norms } of readNorms(pool, layout)) {
    const bits = new Uint32Array(norms.buffer)
    for (let row = 0; row < tokens.length; row++) {
      if (row % layout.contextSize === 0 || tokens[row] === PADDING) continue
      const index = bin(bits[row]!)
      if (index >= 0) counts[index]!++
    }
  }
  return counts
}

/** The bin that holds the element of this rank (from 0), and its rank within the bin. */
function locate(counts: Float64Array, rank: number): { bin: number; rank: number } {
  let bin = 0
  while (bin < counts.length - 1 && rank >= counts[bin]!) rank -= counts[bin++]!
  return { bin, rank }
}

async function countExcluded(
  pool: Pool,
  layout: MeasuredLayout,
): Promise<{ tokens: number; excluded: ExcludedCounts }> {
  const excluded = { padding: 0, first: 0, sink: 0 }
  let counted = 0
  for await (const { tokens, norms } of readNorms(pool, layout)) {
    const kept = countedRows(tokens, norms, layout).length
    const padding = tokens.reduce((count, token) => count + (token === PADDING ? 1 : 0), 0)
    // A context is never all padding, so its first position is a token.
    const first = tokens.length / layout.contextSize
    excluded.padding += padding
    excluded.first += first
    excluded.sink += tokens.length - kept - padding - first
    counted += kept
  }
  return { tokens: counted + excluded.first + excluded.sink, excluded }
}
