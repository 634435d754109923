/** The features with the most similar decoder rows. */
import * as tf from '@tensorflow/tfjs-core'
import type { Neighbour } from './types'

export const NEIGHBOURS = 10

/** For features `[from, to)` the nearest other features by cosine, given the unit decoder rows `[d_sae, d]`. */
export function decoderNeighbours(units: tf.Tensor2D, from: number, to: number): Neighbour[][] {
  const count = Math.min(NEIGHBOURS + 1, units.shape[0])
  const ranked = tf.tidy(() => {
    const rows = tf.slice(units, [from, 0], [to - from, -1])
    return tf.topk(tf.matMul(rows, units, false, true), count)
  })
  const values = ranked.values.dataSync()
  const indices = ranked.indices.dataSync()
  tf.dispose(ranked)
  return Array.from({ length: to - from }, (_, row) =>
    Array.from({ length: count }, (_, rank) => ({
      feature: indices[row * count + rank]!,
      cosine: values[row * count + rank]!,
    }))
      // A copy of the direction can rank before the feature itself.
      .filter(({ feature }) => feature !== from + row)
      .slice(0, NEIGHBOURS),
  )
}
