/** Rows of activations as numbers, with the companions that were read. */
import type { Companion, MeasuredLayout } from './layout'
import { partWidth, type ShardPart } from './shardRows'

export interface PartRows {
  /** `[rows, d_in]` */
  x: Float32Array
  /** `[rows, d_out]` targets of a transcoder, if requested. */
  target?: Float32Array
  /** `[rows, d_in]` dLoss/dx, if requested. */
  gradient?: Float32Array
}

/** The name of each part of a shard when it becomes rows. */
export const ROWS_OF = { data: 'x', target: 'target', gradient: 'gradient' } as const satisfies Record<
  ShardPart,
  keyof PartRows
>

/** Memory that rows are copied into. */
export function emptyRows(layout: MeasuredLayout, companions: readonly Companion[], rows: number): PartRows {
  const extra = companions.map((name) => [name, new Float32Array(rows * partWidth(layout, name))] as const)
  return { x: new Float32Array(rows * layout.d_in), ...Object.fromEntries(extra) }
}

/** Copies of the first `n` rows. */
export function firstRows(layout: MeasuredLayout, { x, target, gradient }: PartRows, n: number): PartRows {
  return {
    x: x.slice(0, n * layout.d_in),
    ...(target && { target: target.slice(0, n * partWidth(layout, 'target')) }),
    ...(gradient && { gradient: gradient.slice(0, n * partWidth(layout, 'gradient')) }),
  }
}
