/** The M largest positive entries of a whole matrix, and those above a threshold: exact, on TensorFlow's kernels. */
import { currentBackend } from '../../tensors/backend'
import { attribute, type Handle, type RawTensorFlow } from '../../tensors/raw'
import { entriesOf, largestMask, type Entries } from './topk'

/** Entries from which a lower bound is guessed. */
const SAMPLE_ENTRIES = 2 ** 19
/** Candidates for every wanted entry: tokens differ, so a sample of rows misjudges the rest. */
const MARGIN = 1.5

/**
 * A sample of rows yields a bound that about 1.5 M entries exceed; the exact M-th largest is then searched for among these
 * entries. Where the sample is misleading and too few entries exceed the bound, all positive entries are candidates. Ties
 * go to the lowest flat index.
 * @param values `[n, width]`
 */
export function largestOverall(raw: RawTensorFlow, values: Handle, M: number): Entries {
  return raw.tidy(() => {
    let candidates = entriesAbove(raw, values, raw.scalar(sampledBound(raw, values, M)))
    if (candidates.values.shape[0]! < M) candidates = entriesAbove(raw, values, raw.scalar(0))
    const count = candidates.values.shape[0]!
    if (count <= M) return candidates
    const mask = largestMask(raw, raw.run('Reshape', [candidates.values, raw.integers([1, count])]), M)
    return keptEntries(raw, candidates, raw.run('Reshape', [mask, raw.integers([count])]))
  })
}

/** Entries larger than `bound`, which is broadcast against `[n, width]`, in row-major order. */
export function entriesAbove(raw: RawTensorFlow, values: Handle, bound: Handle): Entries {
  return raw.tidy(() => entriesOf(raw, raw.run('Greater', [values, bound]), values))
}

/** @param mask `[count]` bool */
function keptEntries(raw: RawTensorFlow, { rows, columns, values }: Entries, mask: Handle): Entries {
  return raw.tidy(() => {
    const places = raw.run('Where', [mask])
    const flat = raw.run('Reshape', [places, raw.integers([places.shape[0]!])])
    const kept = (from: Handle) => raw.run('GatherV2', [from, flat, raw.integer(0)])
    return { rows: kept(rows), columns: kept(columns), values: kept(values) }
  })
}

/** Never below 0; 0 where the matrix is small. */
function sampledBound(raw: RawTensorFlow, values: Handle, M: number): number {
  const [n, width] = values.shape as [number, number]
  const rows = Math.ceil(SAMPLE_ENTRIES / width)
  const rank = Math.ceil((MARGIN * M * rows) / n)
  if (2 * rows > n || rank >= rows * width) return 0
  return raw.tidy(() => {
    const chosen = Int32Array.from({ length: rows }, (_, i) => Math.floor((i * n) / rows))
    const sample = raw.run('GatherV2', [values, raw.integers(chosen), raw.integer(0)])
    return Math.max(0, nthLargest(raw, raw.run('Reshape', [sample, raw.integers([rows * width])]), rank))
  })
}

/** @param values `[count]`. @param n from 1 */
function nthLargest(raw: RawTensorFlow, values: Handle, n: number): number {
  if (currentBackend().device !== 'cuda') {
    return raw.read(raw.run('NthElement', [values, raw.integer(n - 1)], [attribute.bool('reverse', true)]))[0]!
  }
  const [best] = raw.runMany('TopKV2', 2, [values, raw.integer(n)])
  return raw.read(raw.run('Slice', [best!, raw.integers([n - 1]), raw.integers([1])]))[0]!
}

/** The smallest positive value; `otherwise` if no value is positive. */
export function smallestPositive(raw: RawTensorFlow, values: Handle, otherwise: Handle): Handle {
  return raw.tidy(() => {
    const places = raw.run('Where', [raw.run('Greater', [values, raw.scalar(0)])])
    if (places.shape[0] === 0) return raw.run('Identity', [otherwise])
    return raw.run('Min', [raw.run('GatherNd', [values, places]), raw.integers([0])])
  })
}
