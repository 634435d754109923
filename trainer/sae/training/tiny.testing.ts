/** A tiny run of any architecture of the registry: for tests. */
import { createRandom } from '../../tensors/random'
import { architectureNamed, configFrom, type TrainConfig } from '../architectures'
import { selectionState } from '../step/state'
import { rowBatches, syntheticData } from './synthetic'
import type { Batch } from './train'

const BATCH = 32
const SIZES = { d_in: 12, d_out: 9, d_sae: 40, k: 4, tokens: 14 * BATCH, batchSize: BATCH, deadAfterTokens: 4 * BATCH }

/** The sizes, as far as an architecture has them, and its example. */
export function tinyConfig(architecture: string, more: object = {}): TrainConfig {
  return configFrom(architecture, SIZES, { ...architectureNamed(architecture).example, ...more })
}

const { x } = syntheticData({ d_in: SIZES.d_in, directions: 24, meanActive: 2, seed: 1 }, 500)

/** Batches with all that the architecture needs, from a row on. */
export function* tinyBatches(config: TrainConfig, startRow: number): Generator<Batch> {
  const { needs = [] } = architectureNamed(config.architecture)
  for (const batch of rowBatches(x, SIZES.d_in, BATCH, startRow)) {
    const random = createRandom(`beside ${batch.row}`)
    const rows = (width: number) => Float32Array.from({ length: BATCH * width }, () => random.normal())
    const target = needs.includes('target') && { target: rows(SIZES.d_out) }
    yield { ...batch, ...target, ...(needs.includes('gradient') && { gradient: rows(SIZES.d_in) }) }
  }
}

/** Whether the selection rule of an architecture carries something from step to step, as rules over whole batches do. */
export function carriesSelection(architecture: string): boolean {
  const calibration = { inputScale: 1, targetScale: 1, mseScale: 1, centre: new Float32Array(0) }
  const spec = architectureNamed(architecture).spec(tinyConfig(architecture), calibration)
  return Object.keys(selectionState(spec)).length > 0
}
