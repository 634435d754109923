/**
 * Thresholds of single latents: halfway between the smallest activation that a latent took and the largest that it left,
 * averaged over the batches where it took one. Our reading: about m − ½ activations of the next batch exceed a threshold at
 * the smallest activation itself, the m-th largest of a batch, and most latents have a small m.
 */
import * as tf from '@tensorflow/tfjs-core'
import { DataType, type Handle, type RawTensorFlow } from '../../../tensors/raw'
import type { SparseSelection } from '../../kernels/selection'
import type { ThresholdAverage } from './threshold'

/** Above every activation, and finite in raw units: the threshold of a latent that has never been selected. */
export const NEVER = 1e30
/** Larger than NEVER, and smaller than the minimum of nothing. */
const NONE = 1e35

/** Steps from which latents are averaged, and where Mutual Choice ends: updates before that do not count. */
type Schedule = ThresholdAverage & { chooseFrom: number }

/**
 * @param z activations of the selected entries, `[n, d_sae]`
 * @param pre all pre-activations
 */
export function averagedBounds(
  z: tf.Tensor2D,
  pre: tf.Tensor2D,
  state: Readonly<Record<string, tf.Tensor>>,
  step: number,
  { averageFrom, averageDecay, chooseFrom }: Schedule,
): { threshold: tf.Tensor; updates: tf.Tensor } {
  return tf.tidy(() => {
    const smallest = tf.min(tf.where(tf.greater(z, 0), z, tf.fill(z.shape, 3e38)), 0)
    const left = tf.max(tf.sub(tf.relu(pre), z), 0)
    const isOn = tf.less(smallest, NONE)
    const bound = tf.div(tf.add(smallest, left), 2)
    const before = step === chooseFrom ? tf.zerosLike(state['updates']!) : state['updates']!
    const rate = tf.maximum(tf.reciprocal(tf.add(before, 1)), 1 - averageDecay)
    const old = state['threshold']!
    const average = tf.add(tf.mul(old, tf.sub(1, rate)), tf.mul(bound, rate))
    const next = tf.where(tf.greater(before, 0), average, bound)
    const counted = step >= averageFrom ? tf.cast(isOn, 'float32') : tf.zerosLike(before)
    return { threshold: tf.where(isOn, next, old), updates: tf.add(before, counted) }
  })
}

/** The same on TensorFlow's kernels. Selected values are positive. @param left the largest left of every latent, `[d_sae]` */
export function averagedBoundsOf(
  raw: RawTensorFlow,
  { values, columns, d_sae }: SparseSelection,
  left: Handle,
  state: Readonly<Record<string, Handle>>,
  step: number,
  { averageFrom, averageDecay, chooseFrom }: Schedule,
): { threshold: Handle; updates: Handle } {
  return raw.tidy(() => {
    const smallest = raw.run('UnsortedSegmentMin', [values, columns, raw.integer(d_sae)])
    const isOn = raw.run('Less', [smallest, raw.scalar(NONE)])
    const bound = raw.run('Mul', [raw.run('AddV2', [smallest, left]), raw.scalar(0.5)])
    const zeros = () => raw.run('ZerosLike', [state['updates']!])
    const before = step === chooseFrom ? zeros() : state['updates']!
    const mean = raw.run('Reciprocal', [raw.run('AddV2', [before, raw.scalar(1)])])
    const rate = raw.run('Maximum', [mean, raw.scalar(1 - averageDecay)])
    const old = state['threshold']!
    const kept = raw.run('Mul', [old, raw.run('Sub', [raw.scalar(1), rate])])
    const average = raw.run('AddV2', [kept, raw.run('Mul', [bound, rate])])
    const next = raw.run('SelectV2', [raw.run('Greater', [before, raw.scalar(0)]), average, bound])
    const counted = step >= averageFrom ? raw.cast(isOn, DataType.float32) : zeros()
    return {
      threshold: raw.run('SelectV2', [isOn, next, old]),
      updates: raw.run('AddV2', [before, counted]),
    }
  })
}
