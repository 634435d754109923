/** Products with sparse codes on TensorFlow's CSR kernels; cost is O(entries · width), never O(n · d_sae · width). */
import { currentBackend } from '../../tensors/backend'
import { attribute, DataType, type Handle, type RawTensorFlow } from '../../tensors/raw'
import { packed } from './places'
import type { Entries } from './topk'

/** Rows per gathered block of `sampledProduct`: about 10 MB at k 32 and width 576, which stays in the cache. */
const CPU_BLOCK = 128
const CUDA_BLOCK = 4096
/** Entries that stand for a row of a block where rows differ in length: two gathered matrices and their product. */
const BLOCK_ENTRIES = 8

/** A `[rows, columns]` CSR matrix (a variant handle) from entries in row-major order. */
export function csrMatrix(raw: RawTensorFlow, entries: Entries, shape: readonly [number, number]): Handle {
  return raw.tidy(() => {
    const places = packed(raw, entries.rows, entries.columns)
    return raw.run('SparseTensorToCSRSparseMatrix', [places, entries.values, raw.longs(shape)])
  })
}

export function transposed(raw: RawTensorFlow, matrix: Handle): Handle {
  return raw.run('SparseMatrixTranspose', [matrix], [attribute.type('type', DataType.float32)])
}

/** sparse `[n, m]` @ dense `[m, width]` */
export function sparseProduct(raw: RawTensorFlow, matrix: Handle, dense: Handle): Handle {
  return raw.run('SparseMatrixMatMul', [matrix, dense], [attribute.type('T', DataType.float32)])
}

/**
 * The entries of `left @ rightᵀ` at some places only: for codes, d loss/d z. A dense product would compute
 * d_sae / k times more.
 * @param left `[n, width]`
 * @param right `[m, width]`
 * @param places row-major: `rows`, `columns` `[count]` int32; `perRow` where it is the same for all rows
 * @returns `[count]`
 */
export function sampledProduct(raw: RawTensorFlow, left: Handle, right: Handle, places: Places): Handle {
  return places.perRow === undefined
    ? entryProducts(raw, left, right, places)
    : rowProducts(raw, left, right, places.columns, places.perRow)
}

type Places = Pick<Entries, 'rows' | 'columns'> & { perRow?: number }

/** Gathers blocks of rows of `right` and multiplies them batch-wise. */
function rowProducts(raw: RawTensorFlow, left: Handle, right: Handle, columns: Handle, perRow: number): Handle {
  const [n, width] = left.shape as [number, number]
  const axis = raw.integer(0)
  return inBlocks(raw, n, blockRows(), (start, rows) => {
    const wanted = raw.run('Slice', [columns, raw.integers([start * perRow]), raw.integers([rows * perRow])])
    const gathered = raw.run('GatherV2', [right, raw.run('Reshape', [wanted, raw.integers([rows, perRow])]), axis])
    const block = raw.run('Slice', [left, raw.integers([start, 0]), raw.integers([rows, width])])
    const column = raw.run('Reshape', [block, raw.integers([rows, 1, width])])
    const product = raw.run('BatchMatMulV2', [column, gathered], [attribute.bool('adj_y', true)])
    return raw.run('Reshape', [product, raw.integers([rows * perRow])])
  })
}

/** Gathers both rows of every entry, and sums their products. */
function entryProducts(raw: RawTensorFlow, left: Handle, right: Handle, { rows, columns }: Places): Handle {
  const axis = raw.integer(0)
  const gathered = (from: Handle, indices: Handle, start: number, count: number) =>
    raw.run('GatherV2', [from, raw.run('Slice', [indices, raw.integers([start]), raw.integers([count])]), axis])
  return inBlocks(raw, rows.shape[0]!, BLOCK_ENTRIES * blockRows(), (start, count) => {
    const product = raw.run('Mul', [gathered(left, rows, start, count), gathered(right, columns, start, count)])
    return raw.run('Sum', [product, raw.integers([1])])
  })
}

function blockRows(): number {
  return currentBackend().device === 'cuda' ? CUDA_BLOCK : CPU_BLOCK
}

/** One vector from those of `[start, start + size)`, block after block. */
function inBlocks(
  raw: RawTensorFlow,
  count: number,
  size: number,
  block: (start: number, size: number) => Handle,
): Handle {
  return raw.tidy(() => {
    const parts: Handle[] = []
    for (let start = 0; start < count; start += size) {
      parts.push(raw.tidy(() => block(start, Math.min(size, count - start))))
    }
    return parts.length === 0 ? raw.floats(new Float32Array(0), [0]) : concatenated(raw, parts, 0)
  })
}

export function concatenated(
  raw: RawTensorFlow,
  parts: readonly Handle[],
  axis: number,
  type: DataType = DataType.float32,
): Handle {
  if (parts.length === 1) return parts[0]!
  const attributes = [attribute.int('N', parts.length), attribute.type('T', type)]
  return raw.run('ConcatV2', [...parts, raw.integer(axis)], attributes)
}
