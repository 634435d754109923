/** Which latents of a batch are on, as tensors of TensorFlow's kernels. */
import type { Handle } from '../../tensors/raw'
import type { Entries } from './topk'

/** Few latents are on: a list of entries. Values are ≥ 0; an entry at 0 is selected but off. */
export interface SparseSelection extends Entries {
  n: number
  d_sae: number
  /** Entries per row, where all rows have the same number: products with them are then faster. */
  perRow?: number
}

/**
 * So many latents are on that matrix products are faster than gathered rows: every place is an entry, and its value is 0
 * where the latent is off. The kernels of `selected.ts` work on both forms and take values at the entries of a selection:
 * `[count]` of a sparse one, `[n, d_sae]` of a dense one.
 */
export interface DenseSelection {
  n: number
  d_sae: number
  isDense: true
  /** `[n, d_sae]` */
  values: Handle
}

export type Selection = SparseSelection | DenseSelection
