import { attribute, DataType, type Handle, type RawTensorFlow } from '../../../tensors/raw'
import type { SparseSelection } from '../../selections/selection'
import type { Variable } from './variables'

export interface DeadLatents {
  /** `[deadCount]` int32, ascending */
  dead: Handle
  deadCount: number
}

/**
 * Counts this batch into the tokens since each latent last fired (activation > 0), then lists the dead.
 * The counter stops at `deadAfterTokens`, which keeps it exact in float32.
 */
export function updateFiring(
  raw: RawTensorFlow,
  tokensSinceFired: Variable,
  { n, d_sae, columns, values }: SparseSelection,
  deadAfterTokens: number,
): DeadLatents {
  return raw.tidy(() => {
    const fired = raw.run('UnsortedSegmentMax', [values, columns, raw.integer(d_sae)])
    const waited = raw.run('AddV2', [tokensSinceFired.read(), raw.scalar(n)])
    const counted = raw.run('Minimum', [waited, raw.scalar(deadAfterTokens)])
    const isOff = raw.run('LessEqual', [fired, raw.scalar(0)])
    const counter = raw.run('Mul', [counted, raw.run('Cast', [isOff], [attribute.type('DstT', DataType.float32)])])
    tokensSinceFired.set(counter)
    const places = raw.run('Where', [raw.run('GreaterEqual', [counter, raw.scalar(deadAfterTokens)])])
    const deadCount = places.shape[0]!
    const dead = raw.run('Cast', [places], [attribute.type('DstT', DataType.int32)])
    return { dead: raw.run('Reshape', [dead, raw.integers([deadCount])]), deadCount }
  })
}
