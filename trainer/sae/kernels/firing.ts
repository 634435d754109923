/** Which latents fire, and which are dead. */
import { DataType, type Handle, type RawTensorFlow } from '../../tensors/raw'
import type { Selection } from './selection'
import { averagingRate } from './averages'
import { averaged } from './reductions'
import { sumOverTokens } from './selected'
import type { Variable } from './variables'

export interface Firing {
  /** `[deadCount]` int32, ascending */
  dead: Handle
  deadCount: number
  /** `[d_sae]` average share of tokens on which a latent is on, this batch included. */
  density: Handle
}

/** How often latents fire, in plain memory. */
export interface FiringOnHost {
  /** `[d_sae]` average share of tokens on which a latent is on. */
  density: Float32Array
  /** `[d_sae]` 1 where a latent is dead. */
  isDead: Float32Array
}

/** What an engine keeps about the firing of latents, `[d_sae]` each. */
export interface FiringVariables {
  tokensSinceFired: Variable
  density: Variable
}

/**
 * Counts this batch into the tokens since each latent last fired (activation > 0) and into its density, then lists the
 * dead. The counter stops at `deadAfterTokens`, which keeps it exact in float32.
 * @param step steps taken before this one
 */
export function updateFiring(
  raw: RawTensorFlow,
  kept: FiringVariables,
  selection: Selection,
  { deadAfterTokens, step }: { deadAfterTokens: number; step: number },
): Firing {
  return raw.tidy(() => {
    const { n } = selection
    const counts = sumOverTokens(raw, selection, raw.run('Sign', [selection.values]))
    const waited = raw.run('AddV2', [kept.tokensSinceFired.read(), raw.scalar(n)])
    const counted = raw.run('Minimum', [waited, raw.scalar(deadAfterTokens)])
    const isOff = raw.run('LessEqual', [counts, raw.scalar(0)])
    const counter = raw.run('Mul', [counted, raw.cast(isOff, DataType.float32)])
    kept.tokensSinceFired.set(counter)
    const density = averaged(
      raw,
      kept.density.read(),
      raw.run('Mul', [counts, raw.scalar(1 / n)]),
      averagingRate(step, n / deadAfterTokens),
    )
    kept.density.set(density)
    const places = raw.run('Where', [raw.run('GreaterEqual', [counter, raw.scalar(deadAfterTokens)])])
    const deadCount = places.shape[0]!
    const dead = raw.cast(places, DataType.int32)
    return { dead: raw.run('Reshape', [dead, raw.integers([deadCount])]), deadCount, density }
  })
}

/** Waits for the device. */
export function readFiring(raw: RawTensorFlow, { dead, density }: Pick<Firing, 'dead' | 'density'>): FiringOnHost {
  const isDead = new Float32Array(density.shape[0]!)
  for (const latent of raw.readIntegers(dead)) isDead[latent] = 1
  return { density: raw.read(density), isDead }
}
