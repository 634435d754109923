/** What a step computes with the latents that are on, whether few (sparse kernels) or many (matrix products). */
import { attribute, DataType, type Handle, type RawTensorFlow } from '../../tensors/raw'
import type { DenseSelection, Selection, SparseSelection } from './selection'
import { type Codes, fromDense } from '../codes/codes'
import { codesOfEntries } from '../codes/entries'
import { packed } from './places'
import { rowCounts } from './reductions'
import { csrMatrix, sampledProduct, sparseProduct, transposed } from './sparse'
import { entriesOf } from './topk'

/** Share of entries above which matrix products are quicker than sparse kernels, as `bench/density.ts` measured it. */
export const DENSE_SHARE = 0.02

/** Values at the entries of a selection as a matrix `[n, d_sae]`, zero elsewhere. */
export interface CodeMatrix {
  /** A CSR matrix, or a dense one. */
  handle: Handle
  isDense: boolean
}

export function isDense(selection: Selection): selection is DenseSelection {
  return 'isDense' in selection
}

/** For what is computed of few entries only. Throws for a dense selection: a defect of the caller. */
export function sparse(selection: Selection): SparseSelection {
  if (isDense(selection)) throw new Error('a sparse selection is needed')
  return selection
}

/**
 * The true places of a mask, with the values of `matrix` there; dense where they are many. Of a dense selection the
 * values are all of `matrix`: the caller puts 0 where the mask is false.
 * @param mask `[n, d_sae]` bool
 * @param denseShare share of true places above which the selection is dense
 */
export function selectWhere(raw: RawTensorFlow, mask: Handle, matrix: Handle, denseShare = DENSE_SHARE): Selection {
  const [n, d_sae] = matrix.shape as [number, number]
  if (countTrue(raw, mask) > denseShare * n * d_sae) return { n, d_sae, isDense: true, values: matrix }
  return { n, d_sae, ...entriesOf(raw, mask, matrix) }
}

function countTrue(raw: RawTensorFlow, mask: Handle): number {
  return raw.tidy(() => raw.read(rowCounts(raw, mask)).reduce((sum, count) => sum + count, 0))
}

export function codeMatrix(raw: RawTensorFlow, selection: Selection, values = selection.values): CodeMatrix {
  if (isDense(selection)) return { handle: values, isDense: true }
  const { n, d_sae, rows, columns } = selection
  return { handle: csrMatrix(raw, { rows, columns, values }, [n, d_sae]), isDense: false }
}

/** codes `[n, d_sae]` @ `[d_sae, width]` */
export function times(raw: RawTensorFlow, { handle, isDense: dense }: CodeMatrix, right: Handle): Handle {
  return dense ? raw.run('MatMul', [handle, right]) : sparseProduct(raw, handle, right)
}

/** codesᵀ `[d_sae, n]` @ `[n, width]` */
export function transposedTimes(raw: RawTensorFlow, { handle, isDense: dense }: CodeMatrix, right: Handle): Handle {
  if (dense) return raw.run('MatMul', [handle, right], [attribute.bool('transpose_a', true)])
  return raw.tidy(() => sparseProduct(raw, transposed(raw, handle), right))
}

/** left `[n, width]` @ rightᵀ `[width, d_sae]` at the entries of a selection: of R and W_dec, d loss/d z. */
export function productsAt(raw: RawTensorFlow, selection: Selection, left: Handle, right: Handle): Handle {
  if (isDense(selection)) return raw.run('MatMul', [left, right], [attribute.bool('transpose_b', true)])
  return sampledProduct(raw, left, right, selection)
}

/** @param matrix `[n, d_sae]`. @returns its values at the entries */
export function valuesAt(raw: RawTensorFlow, selection: Selection, matrix: Handle): Handle {
  if (isDense(selection)) return raw.run('Identity', [matrix])
  return raw.tidy(() => raw.run('GatherNd', [matrix, packed(raw, selection.rows, selection.columns)]))
}

/** @param vector `[d_sae]`. @returns the value of each entry's latent, or what broadcasts to that */
export function ofLatents(raw: RawTensorFlow, selection: Selection, vector: Handle): Handle {
  if (isDense(selection)) return raw.run('Identity', [vector])
  return raw.run('GatherV2', [vector, selection.columns, raw.integer(0)])
}

/** Σ over tokens. @param values at the entries. @returns `[d_sae]` */
export function sumOverTokens(raw: RawTensorFlow, selection: Selection, values: Handle): Handle {
  if (isDense(selection)) return raw.run('Sum', [values, raw.integers([0])])
  return raw.run('UnsortedSegmentSum', [values, selection.columns, raw.integer(selection.d_sae)])
}

/** Number of entries with a positive activation; waits for the device. */
export function countActive(raw: RawTensorFlow, { values }: Selection): number {
  return raw.tidy(() => {
    const on = raw.cast(raw.run('Sign', [values]), DataType.int32)
    return raw.readIntegers(raw.run('Sum', [on, raw.integers(Array.from(values.shape.keys()))]))[0]!
  })
}

export function codesOf(raw: RawTensorFlow, selection: Selection): Codes {
  const { n, d_sae } = selection
  const values = raw.read(selection.values)
  if (isDense(selection)) return fromDense(values, n, d_sae)
  const [rows, columns] = [raw.readIntegers(selection.rows), raw.readIntegers(selection.columns)]
  return codesOfEntries(n, d_sae, { rows, columns, values })
}
