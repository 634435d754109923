/** Sums and averages of matrices. */
import { DataType, type Handle, type RawTensorFlow } from '../../tensors/raw'

/**
 * True entries of each row of a mask: `[n]` float32, exact up to 2²⁴. TensorFlow sums int32 on the host, to which a GPU
 * would have to carry the whole mask.
 */
export function rowCounts(raw: RawTensorFlow, mask: Handle): Handle {
  return raw.tidy(() => raw.run('Sum', [raw.cast(mask, DataType.float32), raw.integers([1])]))
}

/** Σ over rows and columns of (value − mean of its column)²: the variance that fractions are taken of. Scalar. */
export function squaredDeviations(raw: RawTensorFlow, matrix: Handle): Handle {
  return raw.tidy(() => {
    const deviations = raw.run('Sub', [matrix, raw.run('Mean', [matrix, raw.integers([0])])])
    return raw.run('Mul', [raw.run('L2Loss', [deviations]), raw.scalar(2)])
  })
}

/** average · (1 − rate) + value · rate */
export function averaged(raw: RawTensorFlow, average: Handle, value: Handle, rate: number): Handle {
  return raw.tidy(() => {
    const kept = raw.run('Mul', [average, raw.scalar(1 - rate)])
    return raw.run('AddV2', [kept, raw.run('Mul', [value, raw.scalar(rate)])])
  })
}
