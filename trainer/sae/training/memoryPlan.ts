/** How much memory a run needs, estimated before it starts. Pure arithmetic, so that a browser can show it. */
import type { Architecture } from '../architectures/record'

export interface MemoryPlan {
  /** Bytes by what they hold. */
  parts: Record<'weights' | 'moments' | 'gradients' | 'activations' | 'batches' | 'checkpoint', number>
  total: number
}

/** The settings of a run that decide its memory. */
export interface PlannedRun {
  d_in: number
  d_sae: number
  batchSize: number
  /** Width of the target, where it is not the input. */
  d_out?: number
  /** Active latents per token, where the method selects a number of them. */
  k?: number | undefined
}

const FLOAT = 4
/** Batches that a stream reads ahead, and the one being trained on. */
const BATCHES = 6
const NARROW_MATRICES = 10

/**
 * Peak bytes of a step and of the checkpoint after it, in addition to a process that has loaded its backend.
 *
 * Gradients: one per parameter, and temporaries of the projection and of rows added for dead latents. Activations:
 * matrices of the width of the dictionary, few of them, and of the batch's width, and what selected activations take. A
 * checkpoint: its tensors on the host, and the container they are written into.
 */
export function memoryPlan(
  { d_in, d_sae, d_out = d_in, batchSize, k = 0 }: PlannedRun,
  { memory, needs = [] }: Pick<Architecture, 'memory' | 'needs'>,
): MemoryPlan {
  const { matrices, entry = 0, narrow = 0, vectors = 0, skip = false } = memory
  const skipped = skip ? d_in * d_out : 0
  const parameters = (d_in * d_sae + d_sae * (1 + vectors) + d_sae * d_out + d_out + skipped) * FLOAT
  const batch = batchSize * Math.max(d_in, d_out) * FLOAT
  const parts = {
    weights: parameters,
    moments: 2 * parameters,
    gradients: 3.5 * parameters,
    activations: batchSize * (matrices * d_sae * FLOAT + entry * k) + (NARROW_MATRICES + narrow) * batch,
    batches: BATCHES * (1 + needs.length) * batch,
    checkpoint: 2 * 3 * parameters,
  }
  return { parts, total: Object.values(parts).reduce((sum, bytes) => sum + bytes, 0) }
}

/** One line: `1.4 GB: weights 0.1 GB, …`. */
export function memoryLine({ parts, total }: MemoryPlan): string {
  return `${gigabytes(total)}: ${partsLine(parts)}`
}

export function partsLine(parts: MemoryPlan['parts']): string {
  return Object.entries(parts)
    .map(([name, bytes]) => `${name} ${gigabytes(bytes)}`)
    .join(', ')
}

export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(bytes < 1e8 ? 3 : 1)} GB`
}
