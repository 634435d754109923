/** Which latents of two dictionaries point the same way. */
import { setImmediate } from 'node:timers/promises'
import * as tf from '@tensorflow/tfjs-core'
import { LoupeError } from '../errors'
import type { NamedTensor } from '../tensors/arrays'
import { unitRows } from '../tensors/unitRows'

/** The best match of every latent of one dictionary among those of another. */
export interface BestMatches {
  /** `[d_sae]` latent of the other dictionary */
  latent: Int32Array
  /** `[d_sae]` cosine of the two decoder rows; 0 for a row of zeros */
  cosine: Float32Array
}

/** Largest product in floats (64 MiB). */
const BLOCK_FLOATS = 2 ** 24

/**
 * The best matches both ways, by cosine of decoder rows: block by block, so that the full product is never in memory, with a
 * pause between blocks for other work of the process.
 * @param a `[n, d]`
 * @param b `[m, d]`
 * @throws LoupeError `mismatch` for rows of different widths, `cancelled` when the signal is aborted
 */
export async function bestMatches(
  a: NamedTensor,
  b: NamedTensor,
  { signal, blockFloats = BLOCK_FLOATS }: { signal?: AbortSignal; blockFloats?: number } = {},
): Promise<{ ofA: BestMatches; ofB: BestMatches }> {
  const [n = 0, width = 0] = a.shape
  const [m = 0, otherWidth] = b.shape
  if (width !== otherWidth) {
    throw new LoupeError('mismatch', `decoder rows of ${width} and of ${otherWidth} numbers have no cosine`)
  }
  const [ofA, ofB] = [noMatches(n), noMatches(m)]
  const units = [a, b].map(({ data }) => tf.tidy(() => unitRows(tf.tensor2d(data, [data.length / width, width]))))
  try {
    const step = Math.max(1, Math.floor(blockFloats / Math.max(1, m)))
    for (let from = 0; from < n; from += step) {
      await setImmediate()
      if (signal?.aborted) throw new LoupeError('cancelled', 'the comparison was cancelled')
      matchBlock(units[0]!, units[1]!, { from, size: Math.min(step, n - from) }, ofA, ofB)
    }
  } finally {
    tf.dispose(units)
  }
  return { ofA, ofB }
}

function noMatches(latents: number): BestMatches {
  return { latent: new Int32Array(latents), cosine: new Float32Array(latents).fill(-Infinity) }
}

/** Rows `[from, from + size)` of `a` against all of `b`. */
function matchBlock(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  { from, size }: { from: number; size: number },
  ofA: BestMatches,
  ofB: BestMatches,
): void {
  const best = tf.tidy(() => {
    const cosines = tf.clipByValue(tf.matMul(tf.slice(a, [from, 0], [size, -1]), b, false, true), -1, 1)
    return [1, 0].map((axis) => ({ latent: tf.argMax(cosines, axis), cosine: tf.max(cosines, axis) }))
  })
  const [rows, columns] = best.map(({ latent, cosine }) => ({
    latent: latent.dataSync<'int32'>(),
    cosine: cosine.dataSync<'float32'>(),
  }))
  tf.dispose(best)
  ofA.latent.set(rows!.latent, from)
  ofA.cosine.set(rows!.cosine, from)
  for (let other = 0; other < ofB.cosine.length; other++) {
    if (columns!.cosine[other]! <= ofB.cosine[other]!) continue
    ofB.cosine[other] = columns!.cosine[other]!
    ofB.latent[other] = from + columns!.latent[other]!
  }
}
