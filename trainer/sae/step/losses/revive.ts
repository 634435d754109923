/** How latents that fire too rarely learn the residual: the auxiliary loss of Gao et al. 2024, A.2. */
import * as tf from '@tensorflow/tfjs-core'
import { attribute, DataType, type Handle, type RawTensorFlow } from '../../../tensors/raw'
import { squaredDeviations } from '../../kernels/reductions'
import { largestMask } from '../../kernels/topk'
import { keepLargest } from '../selections/topk'
import type { ReferenceContribution, ReferenceStep, TensorflowContribution, TensorflowStep } from './loss'

interface Strength {
  /** Latents of a token that take part. */
  k: number
  coefficient: number
}

/** Smaller than every activation: latents that take no part are ranked last. */
const EXCLUDED = -3e38

/**
 * With the `k` largest activations of each token among some latents, ê = z_aux W_dec without bias, and
 * `coefficient` · Σ‖ê − e‖² / Σ‖e − mean e‖². The residual e = x − x̂ is constant, so gradients reach the encoder and
 * decoder rows of these latents only. With a residual that does not vary it is 0.
 * @param which `[d_sae]` 1 for latents that take part
 * @param count how many they are
 */
export function revive(
  { pre, error, W_dec }: ReferenceStep,
  which: tf.Tensor1D,
  count: number,
  { k, coefficient }: Strength,
): ReferenceContribution | null {
  if (count === 0) return null
  const candidates: tf.Tensor2D = tf.where(tf.greater(which, 0), pre, tf.fill(pre.shape, EXCLUDED))
  const z = tf.mul<tf.Tensor2D>(tf.relu(candidates), keepLargest(candidates, Math.min(k, count)))
  const residual = tf.neg(error)
  const difference = tf.sub(tf.matMul(z, W_dec), residual)
  const variance = tf.sum(tf.square(tf.sub(residual, tf.mean(residual, 0))))
  const R = tf.mul<tf.Tensor2D>(difference, tf.divNoNan(tf.scalar(2 * coefficient), variance))
  return {
    value: tf.mul(tf.divNoNan(tf.sum(tf.square(difference)), variance), coefficient),
    pre: tf.mul(tf.matMul(R, W_dec, false, true), tf.step(z)),
    W_dec: tf.matMul(z, R, true, false),
  }
}

/**
 * The same on TensorFlow's kernels, dense over the latents that take part: k is a large share of them, where sparse
 * kernels lose.
 * @param which `[m]` int32, ascending
 */
export function reviveRows(
  { raw, pre, error, input, W_dec }: TensorflowStep,
  which: Handle,
  { k, coefficient }: Strength,
): TensorflowContribution | null {
  if (which.shape[0] === 0) return null
  return raw.tidy(() => {
    const ownPre = raw.run('GatherV2', [pre, which, raw.integer(1)])
    const ownDecoder = raw.run('GatherV2', [W_dec, which, raw.integer(0)])
    const z = largestActivations(raw, ownPre, k)
    const difference = raw.run('AddV2', [raw.run('MatMul', [z, ownDecoder]), error])
    const variance = squaredDeviations(raw, error)
    const R = raw.run('Mul', [difference, raw.run('DivNoNan', [raw.scalar(2 * coefficient), variance])])
    const G = raw.run('ReluGrad', [raw.run('MatMul', [R, ownDecoder], [attribute.bool('transpose_b', true)]), z])
    const gradient = (left: Handle, right: Handle) =>
      raw.run('MatMul', [left, right], [attribute.bool('transpose_a', true)])
    const share = raw.run('DivNoNan', [raw.run('L2Loss', [difference]), variance])
    return {
      value: raw.run('Mul', [share, raw.scalar(2 * coefficient)]),
      gradients: [
        { of: 'encoder', rows: which, values: gradient(G, input) },
        { of: 'W_dec', rows: which, values: gradient(z, R) },
      ],
    }
  })
}

/** relu(pre) where it is among the k largest of its row, 0 elsewhere. */
function largestActivations(raw: RawTensorFlow, pre: Handle, k: number): Handle {
  return raw.tidy(() => {
    const activations = raw.run('Relu', [pre])
    if (k >= pre.shape[1]!) return activations
    const kept = raw.cast(largestMask(raw, pre, k), DataType.float32)
    return raw.run('Mul', [activations, kept])
  })
}
