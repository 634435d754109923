/** Reads tokens and documents of contexts in whole shards, because examples of many features share a shard. */
import type { Pool } from 'pg'
import { LoupeError } from '../../../trainer/errors'
import { readContexts, type ContextShard } from '../../../trainer/store/contexts'
import type { HarvestLayout } from '../../../trainer/store/layout'

export interface ContextTokens {
  document: number
  /** Token ids without the padding at the end. */
  tokens: Int32Array
}

export interface ContextReader {
  /** Reads these contexts for `get`. */
  load(contexts: Iterable<number>): Promise<void>
  /** Throws `not-found` for a context that the harvest does not have. */
  get(context: number): ContextTokens
}

/** Number of tokens kept between loads: 64 MiB. */
const KEPT_TOKENS = 2 ** 24
const SHARDS_AT_ONCE = 256

export function createContextReader(pool: Pool, layout: HarvestLayout): ContextReader {
  const { contextSize, contextsPerShard } = layout
  const shards = new Map<number, ContextShard>()
  const maxShards = Math.max(1, Math.floor(KEPT_TOKENS / (contextSize * contextsPerShard)))
  return {
    async load(contexts) {
      const needed = new Set(Array.from(contexts, (context) => Math.floor(context / contextsPerShard)))
      if (shards.size + needed.size > maxShards) {
        for (const idx of shards.keys()) if (!needed.has(idx)) shards.delete(idx)
      }
      const missing = [...needed].filter((idx) => !shards.has(idx))
      for (let start = 0; start < missing.length; start += SHARDS_AT_ONCE) {
        const read = await readContexts(pool, layout, missing.slice(start, start + SHARDS_AT_ONCE))
        for (const shard of read) shards.set(shard.idx, shard)
      }
    },
    get(context) {
      const shard = shards.get(Math.floor(context / contextsPerShard))
      const at = context % contextsPerShard
      const document = shard?.documents[at]
      if (!shard || document === undefined) {
        throw new LoupeError('not-found', `the harvest has no context ${context}`, {
          remedy: 'compute the statistics again: loupe dashboards --dictionary NAME',
        })
      }
      const tokens = shard.tokens.subarray(at * contextSize, (at + 1) * contextSize)
      const padding = tokens.indexOf(-1)
      return { document, tokens: padding < 0 ? tokens : tokens.subarray(0, padding) }
    },
  }
}
