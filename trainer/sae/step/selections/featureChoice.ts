/** Every latent takes the tokens of a batch on which it is largest. */
import * as tf from '@tensorflow/tfjs-core'
import type { Handle } from '../../../tensors/raw'
import { largestPerColumn } from '../../kernels/largestPerColumn'
import type { ZipfLaw } from '../zipf/law'
import { budget, rectifiedLargestOverall, sparseLargestOverall } from './batchtopk'
import { averagedBounds, averagedBoundsOf, NEVER } from './columnThresholds'
import { firstCredits, nextQuota, type Quota } from './quota'
import type { SelectionRule } from './selection'
import { byThreshold, nextThreshold, nextThresholdOf, type ThresholdAverage } from './threshold'

/**
 * Feature Choice (Ayonrinde 2024, 2411.02124): every latent takes the tokens of the batch on which it is largest, as many
 * as its cap. Caps follow a Zipf law over latents ranked by density and add up to the budget M = round(k n).
 * Our reading: Mutual Choice for `chooseFrom` steps lets latents find their densities; then their ranks are frozen.
 */
export interface FeatureChoiceSelection extends ThresholdAverage, ZipfLaw {
  rule: 'feature-choice'
  /** Mean number of latents per token, if every cap is filled. */
  k: number
  /** Steps of Mutual Choice before. */
  chooseFrom: number
  /** Steps after which latents are ranked again; null: never. */
  rankEvery: number | null
}

export const featureChoice: SelectionRule<FeatureChoiceSelection> = {
  name: 'feature-choice',
  needsGradient: false,
  problem: ({ k }, d_sae) => (k > d_sae ? `k is ${k}, but there are only ${d_sae} latents` : undefined),
  state: (_spec, d_sae) => ({
    threshold: { shape: [d_sae], data: new Float32Array(d_sae).fill(NEVER) },
    updates: { shape: [d_sae], data: new Float32Array(d_sae) },
    rank: { shape: [d_sae], data: Float32Array.from({ length: d_sae }, (_, latent) => latent) },
    credit: { shape: [d_sae], data: firstCredits(d_sae) },
  }),

  reference({ pre, step, density, state }, spec) {
    if (step < spec.chooseFrom) {
      const z = rectifiedLargestOverall(pre, spec.k)
      return { z, state: { ...state, threshold: nextThreshold(z, state['threshold']!, step, spec) } }
    }
    const host = (tensor: tf.Tensor) => tensor.dataSync<'float32'>()
    const quota = quotaOf(pre.shape, step, spec, [density, state['rank']!, state['credit']!].map(host))
    const z = tf.mul<tf.Tensor2D>(tf.relu(pre), keepLargestPerColumn(pre, quota.caps))
    const [rank, credit] = [tf.tensor1d(quota.rank), tf.tensor1d(quota.credit)]
    return { z, state: { rank, credit, ...averagedBounds(z, pre, state, step, spec) } }
  },

  tensorflow(raw, { pre, step, density, state }, spec) {
    const [n, d_sae] = pre.shape as [number, number]
    if (step < spec.chooseFrom) {
      const selection = sparseLargestOverall(raw, pre, spec.k)
      const threshold = nextThresholdOf(raw, selection.values, state['threshold']!, step, spec)
      return { selection, state: { ...state, threshold } }
    }
    const host = (handle: Handle) => raw.read(handle)
    const quota = quotaOf([n, d_sae], step, spec, [density, state['rank']!, state['credit']!].map(host))
    const { left, ...entries } = largestPerColumn(raw, pre, quota.caps)
    const selection = { n, d_sae, ...entries }
    const [rank, credit] = [raw.floats(quota.rank, [d_sae]), raw.floats(quota.credit, [d_sae])]
    return { selection, state: { rank, credit, ...averagedBoundsOf(raw, selection, left, state, step, spec) } }
  },

  inference: byThreshold,
}

function quotaOf(
  [n]: readonly [number, number],
  step: number,
  spec: FeatureChoiceSelection,
  [density, rank, credit]: Float32Array[],
): Quota {
  const since = step - spec.chooseFrom
  const reranks = since === 0 || (spec.rankEvery !== null && since % spec.rankEvery === 0)
  return nextQuota({
    total: budget(spec.k, n),
    tokens: n,
    law: spec,
    density: density!,
    rank: rank!,
    credit: credit!,
    reranks,
  })
}

/** 1 at the `quota` largest entries of every column, 0 elsewhere; among equals the lowest row wins. */
function keepLargestPerColumn(values: tf.Tensor2D, quota: Int32Array): tf.Tensor2D {
  return tf.tidy(() => {
    const [n] = values.shape
    const columns = tf.transpose(values)
    const sorted = tf.topk(columns, n)
    const places = tf.tensor2d(
      Array.from(quota, (cap, column) => [column, Math.max(0, cap - 1)]),
      undefined,
      'int32',
    )
    const last = (from: tf.Tensor) => tf.expandDims(tf.gatherND(from, places), 1)
    const tied = tf.logicalAnd(
      tf.equal(columns, last(sorted.values)),
      tf.lessEqual(tf.range(0, n, 1, 'int32'), last(sorted.indices)),
    )
    const kept = tf.logicalOr(tf.greater(columns, last(sorted.values)), tied)
    const open = tf.expandDims(
      tf.tensor1d(
        Array.from(quota, (cap) => cap > 0),
        'bool',
      ),
      1,
    )
    return tf.transpose(tf.cast(tf.logicalAnd(kept, open), 'float32'))
  })
}
