/** Gradients of all loss parts together. */
import type { Handle, RawTensorFlow } from '../../tensors/raw'

/** A gradient of the whole tensor, or of the listed rows only. */
export interface TensorflowGradient {
  /**
   * `encoder`: `[d_sae, d_in + 1]`, W_encᵀ with b_enc as its last column; `W_dec`, `b_dec`, or the name of a further
   * trained tensor.
   */
  of: string
  /** `[m]` int32; absent: all rows. */
  rows?: Handle
  values: Handle
}

/** The sum of what the loss parts contribute; a tensor that no part touches has gradient zero. */
export function sumGradients(
  raw: RawTensorFlow,
  contributions: readonly TensorflowGradient[],
  shapes: Record<string, readonly number[]>,
): Record<string, Handle> {
  const sumOf = (name: string): Handle => {
    const parts = contributions.filter(({ of }) => of === name)
    const whole = parts.filter(({ rows }) => rows === undefined).map(({ values }) => values)
    const zeros = () => raw.run('Fill', [raw.integers(shapes[name]!), raw.scalar(0)])
    let sum = whole.length > 0 ? whole.reduce((left, right) => raw.run('AddV2', [left, right])) : zeros()
    for (const { rows, values } of parts) if (rows) sum = addRows(raw, sum, rows, values)
    return sum
  }
  return Object.fromEntries(Object.keys(shapes).map((name) => [name, sumOf(name)]))
}

function addRows(raw: RawTensorFlow, sum: Handle, rows: Handle, values: Handle): Handle {
  return raw.tidy(() => {
    const places = raw.run('Reshape', [rows, raw.integers([rows.shape[0]!, 1])])
    return raw.run('TensorScatterAdd', [sum, places, values])
  })
}

/** Norm of all gradients together; waits for the device. */
export function globalNorm(raw: RawTensorFlow, gradients: readonly Handle[]): number {
  return raw.tidy(() => {
    const halves = gradients.map((gradient) => raw.run('L2Loss', [gradient]))
    const sum = halves.reduce((left, right) => raw.run('AddV2', [left, right]))
    return Math.sqrt(2 * raw.read(sum)[0]!)
  })
}
