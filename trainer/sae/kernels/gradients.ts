import type { Handle, RawTensorFlow } from '../../tensors/raw'
import type { TensorflowGradient } from '../step/losses/loss'

/** Adds up what the loss parts contribute; a tensor that no part touches has gradient zero. */
export function sumGradients(
  raw: RawTensorFlow,
  contributions: readonly TensorflowGradient[],
  shapes: Record<string, readonly number[]>,
): Record<string, Handle> {
  const sumOf = (name: string): Handle => {
    const own = contributions.filter(({ of }) => of === name)
    const whole = own.filter(({ rows }) => rows === undefined).map(({ values }) => values)
    const zeros = () => raw.run('Fill', [raw.integers(shapes[name]!), raw.scalar(0)])
    let sum = whole.length > 0 ? whole.reduce((left, right) => raw.run('AddV2', [left, right])) : zeros()
    for (const { rows, values } of own) if (rows) sum = addRows(raw, sum, rows, values)
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
