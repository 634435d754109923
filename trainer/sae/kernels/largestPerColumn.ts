/** The largest positive entries of every column, with a quota for each, on TensorFlow's kernels: exact. */
import { DataType, type Handle, type RawTensorFlow } from '../../tensors/raw'
import { packed, unpacked } from './places'
import { concatenated } from './sparse'
import { entriesOf, type Entries } from './topk'

/** The entries that columns took, and `left`, `[width]`: the largest positive entry that each left; 0 if none, or no quota. */
export interface ColumnEntries extends Entries {
  left: Handle
}

/**
 * Columns become rows, and those whose quotas share a power of two are ranked together: few columns have a large one, and
 * ranks up to 16 are quick. Among equals the lowest row wins.
 * @param values `[n, width]`
 * @param quota `[width]` from 0 to `n`
 */
export function largestPerColumn(raw: RawTensorFlow, values: Handle, quota: Int32Array): ColumnEntries {
  const [n, width] = values.shape as [number, number]
  return raw.tidy(() => {
    const columns = raw.run('Transpose', [values, raw.integers([1, 0])])
    const classes = quotaClasses(quota)
    const parts = classes.map((members) => largestOf(raw, columns, members, quota))
    if (parts.length === 0) return nothing(raw, width)
    const joined = (name: keyof ColumnEntries, type: DataType) =>
      concatenated(
        raw,
        parts.map((part) => part[name]),
        0,
        type,
      )
    const entries = {
      rows: joined('rows', DataType.int32),
      columns: joined('columns', DataType.int32),
      values: joined('values', DataType.float32),
    }
    const members = raw.integers(Int32Array.from(classes.flatMap((latents) => [...latents])))
    const left = raw.run('UnsortedSegmentSum', [joined('left', DataType.float32), members, raw.integer(width)])
    return { ...inRowMajorOrder(raw, entries, [n, width]), left }
  })
}

function nothing(raw: RawTensorFlow, width: number): ColumnEntries {
  const floats = (length: number) => raw.floats(new Float32Array(length), [length])
  return { rows: raw.integers([]), columns: raw.integers([]), values: floats(0), left: floats(width) }
}

/** Columns with a quota, those with quotas in (2^(i − 1), 2^i] together. */
function quotaClasses(quota: Int32Array): Int32Array[] {
  const classes: number[][] = []
  for (let column = 0; column < quota.length; column++) {
    if (quota[column]! > 0) (classes[Math.ceil(Math.log2(quota[column]!))] ??= []).push(column)
  }
  return Object.values(classes).map((members) => Int32Array.from(members))
}

/** @param columns `[width, n]` @returns `left` for `members` */
function largestOf(raw: RawTensorFlow, columns: Handle, members: Int32Array, quota: Int32Array): ColumnEntries {
  const quotas = Int32Array.from(members, (column) => quota[column]!)
  const ranked = Math.min(1 + quotas.reduce((a, b) => Math.max(a, b)), columns.shape[1]!)
  return raw.tidy(() => {
    const which = raw.integers(members)
    const gathered = raw.run('GatherV2', [columns, which, raw.integer(0)])
    const [best, tokens] = raw.runMany('TopKV2', 2, [gathered, raw.integer(ranked)]) as [Handle, Handle]
    const ranks = raw.run('Range', [raw.integer(0), raw.integer(ranked), raw.integer(1)])
    const counts = raw.integers(quotas, [members.length, 1])
    const within = raw.run('Less', [ranks, counts])
    const mask = raw.run('LogicalAnd', [within, raw.run('Greater', [best, raw.scalar(0)])])
    const places = raw.run('Where', [mask])
    const entries = entriesOf(raw, mask, best)
    const next = raw.run('SelectV2', [raw.run('Equal', [ranks, counts]), best, raw.scalar(0)])
    return {
      rows: raw.run('GatherNd', [tokens, places]),
      columns: raw.run('GatherV2', [which, entries.rows, raw.integer(0)]),
      values: entries.values,
      left: raw.run('Max', [next, raw.integer(1)]),
    }
  })
}

function inRowMajorOrder(raw: RawTensorFlow, entries: Entries, shape: readonly [number, number]): Entries {
  return raw.tidy(() => {
    const places = packed(raw, entries.rows, entries.columns)
    const [sorted, values] = raw.runMany('SparseReorder', 2, [places, entries.values, raw.longs(shape)])
    return { ...unpacked(raw, sorted!), values: values! }
  })
}
