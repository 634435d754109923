/** How much memory a run takes, reckoned before it starts. */
import { LoupeError } from '../../errors'

export interface MemoryPlan {
  /** Bytes by what they hold. */
  parts: Record<'weights' | 'moments' | 'gradients' | 'activations' | 'batches' | 'checkpoint', number>
  total: number
}

/** What of a run's settings its memory follows from. */
export interface PlannedRun {
  /** Absent: TopK. */
  architecture?: string
  d_in: number
  d_sae: number
  batchSize: number
  /** Width of the target, where it is not the input. */
  d_out?: number
  /** Active latents per token, where the method selects a number of them. */
  k?: number | undefined
}

interface Traits {
  /** Matrices of `[batchSize, d_sae]` that are alive at the peak of a step, the pre-activations among them. */
  matrices: number
  /** Bytes of a step for each selected activation; 0 where the matrices hold them. */
  entry?: number
  /** Matrices of `[batchSize, d_in]` beside the ten that every step has. */
  narrow?: number
  /** Trained vectors of `[d_sae]` beyond b_enc. */
  vectors?: number
  /** Arrays that a batch brings beside the activations. */
  beside?: number
  /** Whether `W_skip [d_out, d_in]` is trained. */
  skip?: boolean
}

/**
 * By architecture, measured by `bench/memory.ts`. Companion the pre-activations and what selection makes of them there are:
 * Feature Choice's copy by columns, the product of gradients with the decoder and the scores it makes, and the dense
 * activations and gradients of methods in which many latents may be on: while few are, a third of that.
 */
export const MEMORY_TRAITS: Readonly<Record<string, Traits>> = {
  topk: { matrices: 2, entry: 300 },
  batchtopk: { matrices: 2, entry: 230 },
  'mutual-choice': { matrices: 2.5, entry: 230 },
  'feature-choice': { matrices: 3, entry: 230 },
  gradient: { matrices: 5, entry: 300, beside: 1 },
  matryoshka: { matrices: 2.5, entry: 230, narrow: 6 },
  relu: { matrices: 13 },
  jumprelu: { matrices: 13, vectors: 1 },
  gated: { matrices: 15, vectors: 2 },
  transcoder: { matrices: 2, entry: 360, beside: 1 },
  'skip-transcoder': { matrices: 2, entry: 360, beside: 1, skip: true },
}

const FLOAT = 4
/** Batches that a stream holds ahead, and the one being trained on. */
const BATCHES = 6
const NARROW_MATRICES = 10

/**
 * Peak bytes of a step and of the checkpoint beside it, on top of a process that has loaded its backend.
 *
 * Gradients: one per parameter, and temporaries of the projection and of rows added for dead latents. Activations:
 * matrices of the width of the dictionary, few of them, and of the batch's width, and what selected activations take. A
 * checkpoint: its tensors on the host, and the container they are written into.
 */
export function memoryPlan({
  architecture = 'topk',
  d_in,
  d_sae,
  d_out = d_in,
  batchSize,
  k = 0,
}: PlannedRun): MemoryPlan {
  const traits: Traits = MEMORY_TRAITS[architecture] ?? { matrices: 15 }
  const { matrices, entry = 0, narrow = 0, vectors = 0, beside = 0, skip = false } = traits
  const skipped = skip ? d_in * d_out : 0
  const parameters = (d_in * d_sae + d_sae * (1 + vectors) + d_sae * d_out + d_out + skipped) * FLOAT
  const batch = batchSize * Math.max(d_in, d_out) * FLOAT
  const parts = {
    weights: parameters,
    moments: 2 * parameters,
    gradients: 3.5 * parameters,
    activations: batchSize * (matrices * d_sae * FLOAT + entry * k) + (NARROW_MATRICES + narrow) * batch,
    batches: BATCHES * (1 + beside) * batch,
    checkpoint: 2 * 3 * parameters,
  }
  return { parts, total: Object.values(parts).reduce((sum, bytes) => sum + bytes, 0) }
}

/** One line: `1.4 GB: weights 0.1 GB, …`. */
export function memoryLine({ parts, total }: MemoryPlan): string {
  return `${gigabytes(total)}: ${partsOf(parts)}`
}

function partsOf(parts: MemoryPlan['parts']): string {
  return Object.entries(parts)
    .map(([name, bytes]) => `${name} ${gigabytes(bytes)}`)
    .join(', ')
}

/**
 * Refuses a run that does not fit into this process: asked where a run is submitted, and again where it is computed.
 * What a GPU holds is not known here: all parts count as the process's own.
 *
 * @param available bytes this process may still take (`availableMemory`)
 * @throws LoupeError with the numbers and a batch size that fits, if one does
 */
export function checkMemory(config: PlannedRun, available: number): MemoryPlan {
  const plan = memoryPlan(config)
  if (plan.total <= available) return plan
  let batchSize = config.batchSize
  while (batchSize > 64 && memoryPlan({ ...config, batchSize }).total > available) batchSize = Math.floor(batchSize / 2)
  const fits = memoryPlan({ ...config, batchSize }).total <= available
  throw new LoupeError(
    'too-large',
    `the run needs ${gigabytes(plan.total)} (${partsOf(plan.parts)}), but ${gigabytes(available)} are available`,
    {
      remedy: fits
        ? `set batchSize to ${batchSize}, or choose a smaller d_sae`
        : 'choose a smaller d_sae, or a machine with more memory',
    },
  )
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(bytes < 1e8 ? 3 : 1)} GB`
}
