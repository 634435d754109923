import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadBackend } from '../../tensors/backend'
import { createRandom } from '../../tensors/random'
import { loadModel } from '../load/loadModel'
import { relativeError, take, tinyGolden } from '../tiny.testing'
import type { HookedModel } from '../types'

const golden = tinyGolden('llama')
const { tokens } = golden
const { batch, seq } = tokens

/** The next token of every position; the second row ends in padding. */
const PADDED = 3
const targets = Int32Array.from(tokens.ids, (_, at) => {
  const [row, position] = [Math.floor(at / seq), at % seq]
  const length = row === 1 ? seq - PADDED : seq
  return position + 1 < length ? tokens.ids[at + 1]! : -1
})

describe('gradients of the loss', () => {
  let model: HookedModel
  let last: number
  let d_model: number

  beforeAll(async () => {
    await loadBackend('cpu')
    const plain = (await loadModel(golden.folder)).model
    expect(() => plain.lossGradient(tokens, { hook: 'hook_embed', targets })).toThrow('cannot be computed')
    plain.dispose()
    await loadBackend('tensorflow')
    model = (await loadModel(golden.folder)).model
    last = model.config.n_layers - 1
    d_model = model.config.d_model
  })
  afterAll(() => model.dispose())

  const gradientAt = (hook: string) => {
    const { captured, gradient, loss } = model.lossGradient(tokens, { hook, targets })
    return { x: take(captured.get(hook)), gradient: take(gradient), loss }
  }

  /** Summed cross-entropy in double precision, with another value at a hook. */
  function lossWith(hook: string, x: Float32Array): number {
    const edit = (value: tf.Tensor) => tf.tensor(x, value.shape)
    return summedLoss(take(model.run(tokens, { edits: new Map([[hook, edit]]) }).logits), model.config.d_vocab)
  }

  const hooks = () => [
    'hook_embed',
    'blocks.0.hook_resid_pre',
    ...['attn.hook_q', 'attn.hook_k', 'attn.hook_v', 'attn.hook_z'].map((name) => `blocks.0.${name}`),
    ...['hook_attn_out', 'hook_resid_mid', 'ln2.hook_normalized', 'mlp.hook_post'].map((name) => `blocks.0.${name}`),
    'blocks.0.hook_mlp_out',
    'blocks.0.hook_resid_post',
    `blocks.${last}.attn.hook_z`,
    `blocks.${last}.hook_resid_post`,
    'ln_final.hook_normalized',
  ]

  it('are what the loss changes by, at every kind of hook', () => {
    const random = createRandom('directions')
    for (const hook of hooks()) {
      const { x, gradient } = gradientAt(hook)
      // Half along the gradient, where the change is large compared to the rounding of float32, half anywhere.
      const length = norm(gradient)
      const direction = gradient.map((value) => value / length + random.normal() / Math.sqrt(x.length))
      const epsilon = (0.01 * norm(x)) / norm(direction)
      const shifted = (sign: number) => x.map((value, i) => value + sign * epsilon * direction[i]!)
      const expected = dot(gradient, direction)
      const measured = (lossWith(hook, shifted(1)) - lossWith(hook, shifted(-1))) / (2 * epsilon)
      expect(Math.abs(measured / expected - 1), `${hook}: ${measured}, expected ${expected}`).toBeLessThan(1e-2)
    }
  })

  it('are (softmax − onehot) W_U at the read-out, and that through the norm before it', () => {
    const { gradient, loss } = gradientAt('ln_final.hook_normalized')
    const logits = take(model.run(tokens).logits)
    expect(loss).toBeCloseTo(summedLoss(logits, model.config.d_vocab), 3)
    const expected = new Float32Array(gradient.length)
    const readOut = take(model.unembed(tf.eye(d_model), { finalNorm: false }))
    const vocabulary = model.config.d_vocab
    for (let row = 0; row < targets.length; row++) {
      if (targets[row]! < 0) continue
      const probabilities = softmax(logits.subarray(row * vocabulary, (row + 1) * vocabulary))
      probabilities[targets[row]!]! -= 1
      for (let i = 0; i < d_model; i++) {
        expected[row * d_model + i] = dot(probabilities, readOut.subarray(i * vocabulary, (i + 1) * vocabulary))
      }
    }
    expect(relativeError(gradient, expected)).toBeLessThan(1e-5)

    const residual = gradientAt(`blocks.${last}.hook_resid_post`)
    // The gain of the final norm, from what the norm makes of a row.
    const normalised = gradientAt('ln_final.hook_normalized').x
    const through = new Float32Array(residual.x.length)
    for (let base = 0; base < through.length; base += d_model) {
      const x = residual.x.subarray(base, base + d_model)
      const scale = Math.sqrt(dot(x, x) / d_model + model.config.norm_eps)
      const gain = x.map((value, i) => (normalised[base + i]! * scale) / value)
      const g = gain.map((value, i) => value * expected[base + i]!)
      const along = dot(g, x) / (d_model * scale ** 2)
      for (let i = 0; i < d_model; i++) through[base + i] = (g[i]! - x[i]! * along) / scale
    }
    expect(relativeError(residual.gradient, through)).toBeLessThan(1e-5)
  })

  it('are zero where nothing is predicted, now or later', () => {
    const { gradient } = gradientAt('blocks.0.hook_resid_post')
    const isZero = Array.from({ length: batch * seq }, (_, row) =>
      gradient.subarray(row * d_model, (row + 1) * d_model).every((value) => value === 0),
    )
    const expected = isZero.map((_, row) => row % seq >= (Math.floor(row / seq) === 1 ? seq - PADDED - 1 : seq - 1))
    expect(isZero).toEqual(expected)
  })

  it('come with the values of a plain run, and leave nothing behind', () => {
    const before = tf.memory().numTensors
    const [hook, other] = ['blocks.0.hook_resid_mid', `blocks.${last}.hook_mlp_out`]
    const { captured } = model.run(tokens, { capture: [hook, other], logits: 'none' })
    const result = model.lossGradient(tokens, { hook, targets, capture: [other] })
    for (const name of [hook, other]) expect(take(result.captured.get(name))).toEqual(take(captured.get(name)))
    result.gradient.dispose()
    expect(tf.memory().numTensors).toBe(before)
    expect(() => model.lossGradient(tokens, { hook: 'blocks.0.attn.hook_pattern', targets })).toThrow('hook_pattern')
    expect(() => model.lossGradient(tokens, { hook: 'blocks.0.nowhere', targets })).toThrow('no hook')
  })
})

function summedLoss(logits: Float32Array, vocabulary: number): number {
  let loss = 0
  targets.forEach((target, row) => {
    if (target >= 0) loss -= Math.log(softmax(logits.subarray(row * vocabulary, (row + 1) * vocabulary))[target]!)
  })
  return loss
}

function softmax(logits: Float32Array): Float64Array {
  const largest = logits.reduce((a, b) => Math.max(a, b))
  const exponentials = Float64Array.from(logits, (logit) => Math.exp(logit - largest))
  const total = exponentials.reduce((a, b) => a + b)
  return exponentials.map((value) => value / total)
}

function dot(a: Float32Array | Float64Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < b.length; i++) sum += a[i]! * b[i]!
  return sum
}

function norm(x: Float32Array): number {
  return Math.sqrt(dot(x, x))
}
