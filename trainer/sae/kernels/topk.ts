/** The k largest entries of every row on TensorFlow's kernels: exact, ties to the lowest index. */
import { LoupeError } from '../../errors'
import { currentBackend } from '../../tensors/backend'
import { attribute, DataType, type Handle, type RawTensorFlow } from '../../tensors/raw'
import { unpacked } from './places'
import { rowCounts } from './reductions'

/** Entries of a matrix in row-major order. */
export interface Entries {
  /** `[count]` int32 */
  rows: Handle
  /** `[count]` int32, ascending within a row */
  columns: Handle
  /** `[count]` */
  values: Handle
}

/**
 * In two stages: the k groups with the largest maxima hold the k largest entries, so the second stage looks at k
 * groups only. At 4096 × 8192 and k 32 this takes 40 ms on two cores, `TopKV2` over the rows 160.
 *
 * Ties: an entry in a group left out is beaten by the maxima of k other groups, each larger or, if equal, at a lower
 * index. The chosen groups stay in ascending order, so position among their members is order of index again.
 * @param values `[n, width]`
 */
export function largestPerRow(raw: RawTensorFlow, values: Handle, k: number): Entries {
  const [n, width] = values.shape as [number, number]
  const group = groupWidth(width, k)
  if (group === 1) return raw.tidy(() => entriesOf(raw, largestMask(raw, values, k), values))
  return raw.tidy(() => {
    const groups = raw.run('Reshape', [values, raw.integers([n, width / group, group])])
    const maxima = raw.run('Max', [groups, raw.integers([2])])
    const chosen = raw.run('Reshape', [
      raw.cast(entriesOf(raw, largestMask(raw, maxima, k), maxima).columns, DataType.int64),
      raw.integers([n, k]),
    ])
    const members = raw.run('Reshape', [
      raw.run('GatherV2', [groups, chosen, raw.integer(1)], [attribute.int('batch_dims', 1)]),
      raw.integers([n, -1]),
    ])
    const entries = entriesOf(raw, largestMask(raw, members, k), members)
    return { ...entries, columns: memberColumns(raw, entries.columns, chosen, group) }
  })
}

/**
 * From positions among the chosen groups' members `[n * k]` to columns of the whole row.
 * @param chosen `[n, k]` int64: a GPU does no int32 arithmetic in TensorFlow
 */
function memberColumns(raw: RawTensorFlow, columns: Handle, chosen: Handle, group: number): Handle {
  const positions = raw.cast(columns, DataType.int64)
  const width = raw.longs([group], [])
  const slots = raw.run('Reshape', [raw.run('FloorDiv', [positions, width]), raw.integers(chosen.shape)])
  const groups = raw.run('GatherV2', [chosen, slots, raw.integer(1)], [attribute.int('batch_dims', 1)])
  const starts = raw.run('Mul', [raw.run('Reshape', [groups, raw.integers(positions.shape)]), width])
  return raw.cast(raw.run('AddV2', [starts, raw.run('FloorMod', [positions, width])]), DataType.int32)
}

/** Width of the groups that balances both stages, among the divisors of `width`; 1 when one stage is best. */
function groupWidth(width: number, k: number): number {
  const balance = Math.sqrt(width / k)
  let best = 1
  for (let group = 2; group * k <= width; group++) {
    if (width % group === 0 && Math.abs(Math.log(group / balance)) < Math.abs(Math.log(best / balance))) best = group
  }
  return best
}

/**
 * `[n, width]` bool with exactly k true entries per row.
 *
 * On the CPU the k-th value alone is found first (`NthElement`, a third of the time of `TopKV2`); the rows where it
 * stands more than once, about one in 50,000, are then done again with their k-th index.
 */
export function largestMask(raw: RawTensorFlow, values: Handle, k: number): Handle {
  const [n, width] = values.shape as [number, number]
  if (k >= width) return raw.run('Equal', [values, values])
  if (currentBackend().device === 'cuda') return stableMask(raw, values, k)
  return raw.tidy(() => {
    const kth = raw.run('NthElement', [values, raw.integer(k - 1)], [attribute.bool('reverse', true)])
    const mask = raw.run('GreaterEqual', [values, raw.run('Reshape', [kth, raw.integers([n, 1])])])
    const tied = raw.run('Where', [raw.run('NotEqual', [rowCounts(raw, mask), raw.scalar(k)])])
    if (tied.shape[0] === 0) return mask
    const rows = raw.run('Reshape', [tied, raw.integers([tied.shape[0]!])])
    const again = stableMask(raw, raw.run('GatherV2', [values, rows, raw.integer(0)]), k)
    return raw.run('TensorScatterUpdate', [mask, tied, again])
  })
}

/** The same through `TopKV2`, which ranks equal entries by index. */
function stableMask(raw: RawTensorFlow, values: Handle, k: number): Handle {
  const [n, width] = values.shape as [number, number]
  return raw.tidy(() => {
    const [best, indices] = raw.runMany('TopKV2', 2, [values, raw.integer(k)]) as [Handle, Handle]
    const last = (handle: Handle) => raw.run('Slice', [handle, raw.integers([0, k - 1]), raw.integers([n, 1])])
    const columns = raw.cast(raw.run('Range', [raw.integer(0), raw.integer(width), raw.integer(1)]), DataType.int64)
    const first = raw.run('LessEqual', [columns, last(raw.cast(indices, DataType.int64))])
    const tied = raw.run('LogicalAnd', [raw.run('Equal', [values, last(best)]), first])
    const mask = raw.run('LogicalOr', [raw.run('Greater', [values, last(best)]), tied])
    if (raw.read(rowCounts(raw, mask)).every((count) => count === k)) return mask
    throw new LoupeError('bad-input', 'the pre-activations are not finite', {
      remedy: 'look for NaN or infinite values in the harvest; if it has none, lower the learning rate',
    })
  })
}

/** The true places of a mask, in row-major order. */
export function entriesOf(raw: RawTensorFlow, mask: Handle, values: Handle): Entries {
  return raw.tidy(() => {
    const places = raw.run('Where', [mask])
    return { ...unpacked(raw, places), values: raw.run('GatherNd', [values, places]) }
  })
}
