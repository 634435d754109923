/** Rows of activations as numbers, with what was read beside them. */
import type { Companion, MeasuredLayout } from './layout'
import { partWidth, type ShardPart } from './shardRows'

export interface PartRows {
  /** `[rows, d_in]` */
  x: Float32Array
  /** `[rows, d_out]` what a transcoder reconstructs, where it was asked for. */
  target?: Float32Array
  /** `[rows, d_in]` dLoss/dx, where it was asked for. */
  gradient?: Float32Array
}

/** Under which name a part of a shard comes out as rows. */
export const ROWS_OF = { data: 'x', target: 'target', gradient: 'gradient' } as const satisfies Record<
  ShardPart,
  keyof PartRows
>

/** Memory for rows to be copied into. */
export function emptyRows(layout: MeasuredLayout, beside: readonly Companion[], rows: number): PartRows {
  const extra = beside.map((name) => [name, new Float32Array(rows * partWidth(layout, name))] as const)
  return { x: new Float32Array(rows * layout.d_in), ...Object.fromEntries(extra) }
}

/** The first `n` rows, as arrays of their own. */
export function firstRows(layout: MeasuredLayout, { x, target, gradient }: PartRows, n: number): PartRows {
  return {
    x: x.slice(0, n * layout.d_in),
    ...(target && { target: target.slice(0, n * partWidth(layout, 'target')) }),
    ...(gradient && { gradient: gradient.slice(0, n * partWidth(layout, 'gradient')) }),
  }
}
