/** Squared errors of nested groups of latents. */
import * as tf from '@tensorflow/tfjs-core'
import { DataType, type Handle, type RawTensorFlow } from '../../../tensors/raw'
import { sparse } from '../../kernels/selected'
import { concatenated, csrMatrix, sampledProduct, sparseProduct, transposed } from '../../kernels/sparse'
import type { SparseSelection } from '../../kernels/selection'
import type { LossPart } from './loss'

/**
 * `scale` · mean over prefixes of latents, tokens and dimensions of (x̂ of the prefix − x)² (Bussmann et al. 2025,
 * 2503.17547): latents are divided into consecutive groups, and the first one, the first two, … reconstruct the target
 * each, all with b_dec. Prefixes count alike. With one group it is `mse`, bit for bit.
 */
export interface MatryoshkaLoss {
  part: 'matryoshka'
  scale: number
  /** Sizes of the groups, d_sae in all. */
  groups: readonly number[]
}

/**
 * A latent of group g takes part in the prefixes from g on: with C_g = Σ over these of d loss/d x̂ of the prefix,
 * dW_dec = zᵀC_g and dz = C_g W_decᵀ. Groups are walked from the last one to the first, so that C adds up and the
 * reconstruction loses one group after the other.
 */
export const matryoshka: LossPart<MatryoshkaLoss> = {
  name: 'matryoshka',
  reference({ z, error, W_dec }, { scale, groups }) {
    const factor = (2 * scale) / (error.size * groups.length)
    let [prefix, C, end] = [error, tf.mul<tf.Tensor2D>(error, factor), W_dec.shape[0]]
    const squares = [tf.mean(tf.square(prefix))]
    const parts: { pre: tf.Tensor2D; W_dec: tf.Tensor2D }[] = []
    for (const [place, size] of [...groups.entries()].reverse()) {
      const z_g = tf.slice(z, [0, end - size], [-1, size])
      const rows = tf.slice(W_dec, [end - size, 0], [size, -1])
      const pre = tf.mul<tf.Tensor2D>(tf.matMul(C, rows, false, true), tf.step(z_g))
      parts.unshift({ pre, W_dec: tf.matMul(z_g, C, true, false) })
      end -= size
      if (place === 0) break
      prefix = tf.sub(prefix, tf.matMul(z_g, rows))
      C = tf.add(C, tf.mul(prefix, factor))
      squares.push(tf.mean(tf.square(prefix)))
    }
    return {
      value: tf.mul(tf.addN(squares), scale / groups.length),
      pre: tf.concat(
        parts.map((part) => part.pre),
        1,
      ),
      W_dec: tf.concat(
        parts.map((part) => part.W_dec),
        0,
      ),
      b_dec: tf.sum(C, 0),
    }
  },

  tensorflow({ raw, selection, error, input, W_dec }, { scale, groups }) {
    const [n, d_out] = error.shape as [number, number]
    return raw.tidy(() => {
      const factor = scale / (n * d_out * groups.length)
      const share = (prefix: Handle) => raw.run('Mul', [prefix, raw.scalar(2 * factor)])
      let [prefix, C, end] = [error, share(error), selection.d_sae]
      const halves = [raw.run('L2Loss', [prefix])]
      const parts: { encoder: Handle; W_dec: Handle }[] = []
      for (const [place, size] of [...groups.entries()].reverse()) {
        const group = groupOf(raw, sparse(selection), W_dec, { start: end - size, size })
        const G = raw.run('ReluGrad', [sampledProduct(raw, C, group.rows, group.entries), group.entries.values])
        const gradientCodes = csrMatrix(raw, { ...group.entries, values: G }, [n, size])
        parts.unshift({
          encoder: sparseProduct(raw, transposed(raw, gradientCodes), input),
          W_dec: sparseProduct(raw, transposed(raw, group.codes), C),
        })
        end -= size
        if (place === 0) break
        // As large as the batch, each of these: freed as soon as the next one is there.
        const shorter = raw.tidy(() => raw.run('Sub', [prefix, sparseProduct(raw, group.codes, group.rows)]))
        const more = raw.tidy(() => raw.run('AddV2', [C, share(shorter)]))
        raw.free(C, ...(prefix === error ? [] : [prefix]))
        ;[prefix, C] = [shorter, more]
        halves.push(raw.run('L2Loss', [prefix]))
      }
      const sum = halves.reduce((left, right) => raw.run('AddV2', [left, right]))
      const joined = (of: 'encoder' | 'W_dec') =>
        concatenated(
          raw,
          parts.map((part) => part[of]),
          0,
        )
      return {
        value: raw.run('Mul', [sum, raw.scalar(2 * factor)]),
        gradients: [
          { of: 'encoder', values: joined('encoder') },
          { of: 'W_dec', values: joined('W_dec') },
          { of: 'b_dec', values: raw.run('Sum', [C, raw.integers([0])]) },
        ],
      }
    })
  },
}

/** The entries of the latents from `start` on, their columns counted from there, as codes; and their decoder rows. */
function groupOf(
  raw: RawTensorFlow,
  selection: SparseSelection,
  W_dec: Handle,
  { start, size }: { start: number; size: number },
): { entries: SparseSelection; codes: Handle; rows: Handle } {
  const { n, d_sae, columns } = selection
  const codesOf = (entries: SparseSelection) => csrMatrix(raw, entries, [n, size])
  if (size === d_sae) return { entries: selection, codes: codesOf(selection), rows: W_dec }
  const isFrom = raw.run('GreaterEqual', [columns, raw.integer(start)])
  const isIn = raw.run('LogicalAnd', [isFrom, raw.run('Less', [columns, raw.integer(start + size)])])
  const places = raw.cast(raw.run('Where', [isIn]), DataType.int32)
  const kept = raw.run('Reshape', [places, raw.integers([places.shape[0]!])])
  const keptOf = (values: Handle) => raw.run('GatherV2', [values, kept, raw.integer(0)])
  const entries = {
    n,
    d_sae: size,
    rows: keptOf(selection.rows),
    values: keptOf(selection.values),
    columns: raw.run('Sub', [keptOf(columns), raw.integer(start)]),
  }
  const rows = raw.run('Slice', [W_dec, raw.integers([start, 0]), raw.integers([size, W_dec.shape[1]!])])
  return { entries, codes: codesOf(entries), rows }
}
