/** Shards together with which of their rows count: what every reader of activations starts from. */
import type { Pool } from 'pg'
import { LoupeError } from '../errors'
import { readBinary, type BinaryQuery } from './binary'
import { countedRows } from './counting'
import { BYTES_PER_VALUE, float32FromBytes, int32FromBytes } from './dtype'
import { BESIDE, companionWidth, type Companion, type MeasuredLayout } from './layout'
import { missingShard } from './missing'

export interface ShardRows {
  idx: number
  /** `[rows, d_in]` as stored. */
  data: Buffer
  /** `[rows, width]` as stored of what was asked for. */
  beside: Partial<Record<Companion, Buffer>>
  /** `[rows]` */
  tokens: Int32Array
  /** Rows that count, ascending. */
  counted: Uint32Array
}

/** The activations, or what stands beside them. */
export type ShardPart = 'data' | Companion

export function partsOf(beside: readonly Companion[]): ShardPart[] {
  return ['data', ...BESIDE.filter((name) => beside.includes(name))]
}

export interface ShardRowsOptions {
  /** What is read beside the activations. Default: nothing. */
  beside?: readonly Companion[]
  /** May give the place for a part of the n-th shard, at least `shardBytes` long. */
  memory?: (n: number, part: ShardPart) => ArrayBuffer
}

/** Bytes of a full shard, or of what stands beside its activations. */
export function shardBytes(layout: MeasuredLayout, part: ShardPart = 'data'): number {
  const { contextsPerShard, contextSize, dtype } = layout
  return contextsPerShard * contextSize * partWidth(layout, part) * BYTES_PER_VALUE[dtype]
}

/** @throws LoupeError for what the harvest does not hold */
export function partWidth(layout: MeasuredLayout, part: ShardPart): number {
  const width = part === 'data' ? layout.d_in : companionWidth(layout, part)
  if (width !== undefined) return width
  throw new LoupeError('not-found', `harvest ${layout.harvestId} was made without ${part}s`, {
    remedy: `harvest again with ${part === 'target' ? '--target-hook' : '--gradients'}`,
  })
}

/**
 * Shards in the asked order, over one connection; only the parts that are asked for are read.
 * @throws LoupeError `not-found` for a missing shard, `mismatch` for one of impossible size
 */
export async function* readShardRows(
  pool: Pool,
  layout: MeasuredLayout,
  shards: readonly number[],
  { beside = [], memory }: ShardRowsOptions = {},
): AsyncGenerator<ShardRows, void, undefined> {
  const parts = partsOf(beside)
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
    const found = Object.fromEntries(parts.map((part, column) => [part, fields[column]!])) as Record<ShardPart, Buffer>
    const { data, ...rest } = found
    yield { idx: shards[next]!, data, beside: rest, tokens, counted: countedRows(tokens, norms, layout) }
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
    const found = fields[column]?.length ?? 0
    const expected = rows * partWidth(layout, part) * BYTES_PER_VALUE[layout.dtype]
    if (found === expected && norms === rows && expected <= shardBytes(layout, part)) continue
    const of = part === 'data' ? '' : ` of the ${part}`
    throw new LoupeError(
      'mismatch',
      `shard ${idx} of harvest ${layout.harvestId} has ${found} bytes${of} for ${rows} tokens, expected ${expected}`,
      { remedy: 'the shard was altered from outside: remove the harvest and make it again' },
    )
  }
}
