/** Reads shards and finds which of their rows count: the first step of every reader of activations. */
import type { Pool } from 'pg'
import { LoupeError } from '../errors'
import { readBinary, type BinaryQuery } from './binary'
import { countedRows } from './counting'
import { BYTES_PER_VALUE, float32FromBytes, int32FromBytes } from './dtype'
import { COMPANIONS, companionWidth, type Companion, type MeasuredLayout } from './layout'
import { missingShard } from './missing'

export interface ShardRows {
  idx: number
  /** `[rows, d_in]` as stored. */
  data: Buffer
  /** `[rows, width]` as stored, for each requested companion. */
  companions: Partial<Record<Companion, Buffer>>
  /** `[rows]` */
  tokens: Int32Array
  /** Rows that count, ascending. */
  counted: Uint32Array
}

/** The activations, or a companion. */
export type ShardPart = 'data' | Companion

export function partsOf(companions: readonly Companion[]): ShardPart[] {
  return ['data', ...COMPANIONS.filter((name) => companions.includes(name))]
}

export interface ShardRowsOptions {
  /** Companions to read with the activations. Default: none. */
  companions?: readonly Companion[]
  /** May return the memory for a part of the n-th shard, at least `shardBytes` long. */
  memory?: (n: number, part: ShardPart) => ArrayBuffer
}

/** Bytes of a part of a full shard. */
export function shardBytes(layout: MeasuredLayout, part: ShardPart = 'data'): number {
  const { contextsPerShard, contextSize, dtype } = layout
  return contextsPerShard * contextSize * partWidth(layout, part) * BYTES_PER_VALUE[dtype]
}

/** @throws LoupeError if the harvest does not store the companion */
export function partWidth(layout: MeasuredLayout, part: ShardPart): number {
  const width = part === 'data' ? layout.d_in : companionWidth(layout, part)
  if (width !== undefined) return width
  throw new LoupeError('not-found', `harvest ${layout.harvestId} was made without ${part}s`, {
    remedy: `harvest again with ${part === 'target' ? '--target-hook' : '--gradients'}`,
  })
}

/**
 * Shards in the requested order, over one connection; only the requested parts are read.
 * @throws LoupeError `not-found` for a missing shard, `mismatch` for a shard of the wrong size
 */
export async function* readShardRows(
  pool: Pool,
  layout: MeasuredLayout,
  shards: readonly number[],
  { companions = [], memory }: ShardRowsOptions = {},
): AsyncGenerator<ShardRows, void, undefined> {
  const parts = partsOf(companions)
  const sizes = parts.map((part) => shardBytes(layout, part))
  const allocate: BinaryQuery['allocate'] = (row, column, bytes) =>
    memory && column < parts.length && bytes <= sizes[column]!
      ? Buffer.from(memory(row, parts[column]!), 0, bytes)
      : undefined
  const text = `SELECT ${parts.map((part) => `a.${part}`).join(', ')}, a.idx, c.tokens, a.norms
    FROM unnest($2::int4[]) WITH ORDINALITY AS wanted (idx, place)
    JOIN activation_shard a ON a.harvest_id = $1 AND a.idx = wanted.idx
    JOIN context_shard c ON c.harvest_id = $1 AND c.idx = wanted.idx
    ORDER BY wanted.place`
  let next = 0
  for await (const fields of readBinary(pool, { text, values: [layout.harvestId, shards], allocate })) {
    const [idx, tokenBytes, normBytes] = fields.slice(parts.length) as [Buffer, Buffer, Buffer]
    if (idx.readInt32BE() !== shards[next]) break
    const tokens = int32FromBytes(tokenBytes)
    const norms = float32FromBytes(normBytes)
    requireSizes(layout, { idx: shards[next]!, rows: tokens.length, norms: norms.length }, parts, fields)
    const stored = Object.fromEntries(parts.map((part, column) => [part, fields[column]!])) as Record<ShardPart, Buffer>
    const { data, ...companionData } = stored
    yield { idx: shards[next]!, data, companions: companionData, tokens, counted: countedRows(tokens, norms, layout) }
    next++
  }
  if (next < shards.length) throw missingShard(layout.harvestId, shards[next]!)
}

function requireSizes(
  layout: MeasuredLayout,
  { idx, rows, norms }: { idx: number; rows: number; norms: number },
  parts: readonly ShardPart[],
  fields: readonly (Buffer | null)[],
): void {
  for (const [column, part] of parts.entries()) {
    const bytes = fields[column]?.length ?? 0
    const expected = rows * partWidth(layout, part) * BYTES_PER_VALUE[layout.dtype]
    if (bytes === expected && norms === rows && expected <= shardBytes(layout, part)) continue
    const of = part === 'data' ? '' : ` of the ${part}`
    throw new LoupeError(
      'mismatch',
      `shard ${idx} of harvest ${layout.harvestId} has ${bytes} bytes${of} for ${rows} tokens, expected ${expected}`,
      { remedy: 'another program altered the shard: remove the harvest and make it again' },
    )
  }
}
