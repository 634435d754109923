/**
 * Places of matrix entries as pairs and as two lists. Pairs are int64 throughout: TensorFlow keeps what it computes of
 * int32 in the memory of the host, and would carry the lists of a GPU there and back.
 */
import { currentBackend } from '../../tensors/backend'
import { attribute, DataType, type Handle, type RawTensorFlow } from '../../tensors/raw'

/** @returns `[count, 2]` int64 of two `[count]` int32 */
export function packed(raw: RawTensorFlow, rows: Handle, columns: Handle): Handle {
  return raw.tidy(() => {
    const lists = [rows, columns].map((list) => raw.cast(list, DataType.int64))
    const attributes = [attribute.int('N', 2), attribute.type('T', DataType.int64), attribute.int('axis', 1)]
    return raw.run('Pack', lists, attributes)
  })
}

/** The other way: of `[count, 2]` int64. On a CPU `Unpack` takes a quarter of the time of slices. */
export function unpacked(raw: RawTensorFlow, places: Handle): { rows: Handle; columns: Handle } {
  return raw.tidy(() => {
    const [rows, columns] = currentBackend().device === 'cpu' ? lists(raw, places) : slices(raw, places)
    return { rows: rows!, columns: columns! }
  })
}

function lists(raw: RawTensorFlow, places: Handle): Handle[] {
  const attributes = [attribute.int('num', 2), attribute.int('axis', 1)]
  return raw.runMany('Unpack', 2, [raw.cast(places, DataType.int32)], attributes)
}

function slices(raw: RawTensorFlow, places: Handle): Handle[] {
  const count = places.shape[0]!
  return [0, 1].map((which) => {
    const column = raw.run('Slice', [places, raw.integers([0, which]), raw.integers([count, 1])])
    return raw.cast(raw.run('Reshape', [column, raw.integers([count])]), DataType.int32)
  })
}
