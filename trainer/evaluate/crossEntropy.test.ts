import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { HookedModel, TokenBatch } from '../model/types'
import { silentStage } from '../progress'
import { Dictionary } from '../sae/dictionary/dictionary'
import { loadBackend } from '../tensors/backend'
import { measureCrossEntropy, type CrossEntropyOptions } from './crossEntropy'
import { METRICS } from './metrics'
import { TokenSampler } from './tokenSample'

const [VOCABULARY, D, CONTEXT] = [23, 8, 10]
const HOOK = 'blocks.0.hook_resid_post'

/** Token → embedding (times 1000 for token 5, the sink) → hook → logits of the next token. */
const embedding = Float32Array.from(
  { length: VOCABULARY * D },
  (_, i) => Math.sin(3 * i + 1) * (Math.floor(i / D) === 5 ? 1000 : 1),
)
const unembedding = Float32Array.from({ length: D * VOCABULARY }, (_, i) => Math.cos(5 * i))

function bigram(): HookedModel {
  const unused = (): never => {
    throw new Error('not part of this model')
  }
  return {
    config: { d_vocab: VOCABULARY } as HookedModel['config'],
    hookNames: [HOOK],
    hookShape: () => [D],
    newCache: unused,
    unembed: unused,
    directLogits: unused,
    lossGradient: unused,
    dispose: () => undefined,
    run({ ids, batch, seq }: TokenBatch, { capture, edits } = {}) {
      const value = tf.gather(tf.tensor2d(embedding, [VOCABULARY, D]), tf.tensor2d(ids, [batch, seq], 'int32'))
      const flowing = edits?.get(HOOK)?.(value) ?? value
      const logits = tf.matMul(tf.reshape(flowing, [-1, D]), tf.tensor2d(unembedding, [D, VOCABULARY]))
      const captured = new Map(capture?.includes(HOOK) ? [[HOOK, flowing]] : [])
      return { logits: tf.reshape(logits, [batch, seq, VOCABULARY]), captured }
    },
  }
}

/** Every direction and its opposite: reconstructs exactly, times `scale`. */
function signedDictionary(scale: number): Dictionary {
  const encoder = { shape: [D, 2 * D], data: new Float32Array(2 * D * D) }
  const decoder = { shape: [2 * D, D], data: new Float32Array(2 * D * D) }
  for (let i = 0; i < D; i++) {
    for (const [latent, sign] of [
      [i, 1],
      [i + D, -1],
    ] as const) {
      encoder.data[i * 2 * D + latent] = sign
      decoder.data[latent * D + i] = sign * scale
    }
  }
  const zeros = (width: number) => ({ shape: [width], data: new Float32Array(width) })
  return Dictionary.create(
    { architecture: 'signed', d_in: D, d_sae: 2 * D, activation: { kind: 'relu' }, apply_b_dec_to_input: false },
    { W_enc: encoder, W_dec: decoder, b_enc: zeros(2 * D), b_dec: zeros(D) },
  )
}

/** Text the model likes: one of its three best guesses follows each token, with a sink now and then. */
const tokens = new Int32Array(6 * CONTEXT)
for (let i = 1; i < tokens.length; i++) {
  const guesses = plain(tokens[i - 1]!, 1).map((log, token) => ({ log, token }))
  tokens[i] = i % 14 === 0 ? 5 : guesses.sort((a, b) => b.log - a.log)[i % 3]!.token
}
// The last context ends in padding.
tokens.fill(-1, tokens.length - 4)

function measure(options: Partial<CrossEntropyOptions> = {}) {
  return measureCrossEntropy({
    model: bigram(),
    hook: HOOK,
    dictionary: signedDictionary(1),
    tokens,
    contextSize: CONTEXT,
    medianNorm: 2,
    stage: silentStage(),
    ...options,
  })
}

/** In double precision: the loss of predicting `target` after `token`, and the whole distribution. */
function plain(token: number, scale: number): number[] {
  const logits = Array.from({ length: VOCABULARY }, (_, v) => {
    let sum = 0
    for (let i = 0; i < D; i++) sum += scale * embedding[token * D + i]! * unembedding[i * VOCABULARY + v]!
    return sum
  })
  const largest = Math.max(...logits)
  const total = largest + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0))
  return logits.map((logit) => logit - total)
}

beforeAll(async () => {
  await loadBackend('cpu')
})

describe('the cross-entropy triple', () => {
  it('is recovered by a dictionary that reconstructs exactly', async () => {
    const found = await measure()
    expect(found.crossEntropyRecovered).toBe(1)
    expect(found.klRecovered).toBe(1)
    expect(found.klSpliced).toBe(0)
    expect(found.crossEntropySpliced).toBe(found.crossEntropyClean)
    for (const name of Object.keys(found)) expect(METRICS).toHaveProperty(name)
  })

  it('is lost by a dictionary that reconstructs nothing', async () => {
    const found = await measure({ dictionary: signedDictionary(0) })
    expect(found.crossEntropyRecovered).toBe(0)
    expect(found.klRecovered).toBe(0)
    expect(found.crossEntropySpliced).toBe(found.crossEntropyZero)
    // With zeros at the hook, all logits are equal.
    expect(found.crossEntropyZero).toBeCloseTo(Math.log(VOCABULARY), 5)
  })

  it('is not clamped: a reconstruction worse than nothing counts below zero', async () => {
    expect((await measure({ dictionary: signedDictionary(-3) })).crossEntropyRecovered).toBeLessThan(0)
  })

  it('counts predictions at positions that are neither first, nor sink, nor before padding', async () => {
    const expected = { tokens: 0, clean: 0, spliced: 0, kl: 0 }
    tokens.forEach((token, row) => {
      const target = tokens[row + 1]
      const position = row % CONTEXT
      if (token < 0 || token === 5 || position === 0 || position === CONTEXT - 1) return
      if (target === undefined || target < 0) return
      const [clean, spliced] = [plain(token, 1), plain(token, 0.5)]
      expected.tokens++
      expected.clean -= clean[target]!
      expected.spliced -= spliced[target]!
      expected.kl += clean.reduce((sum, log, v) => sum + Math.exp(log) * (log - spliced[v]!), 0)
    })
    const found = await measure({ dictionary: signedDictionary(0.5) })
    expect(found.tokens).toBe(expected.tokens)
    expect(found.crossEntropyClean).toBeCloseTo(expected.clean / expected.tokens, 5)
    expect(found.crossEntropySpliced).toBeCloseTo(expected.spliced / expected.tokens, 5)
    expect(found.klSpliced).toBeCloseTo(expected.kl / expected.tokens, 5)
  })

  it('reports the figures of every prediction', async () => {
    const sampler = new TokenSampler(tokens.length)
    const found = await measure({ onTokens: (measured) => sampler.add(measured) })
    const { l0, norm, crossEntropy } = sampler.sample
    expect(l0).toEqual(new Array(found.tokens).fill(D))
    const first = tokens[1]! * D
    expect(norm[0]).toBeCloseTo(Math.hypot(...embedding.subarray(first, first + D)), 3)
    expect(crossEntropy.reduce((sum, value) => sum + value) / found.tokens).toBeCloseTo(found.crossEntropyClean, 3)
  })

  it('does not change excluded positions, unless they are included', async () => {
    const spliced: Float32Array[] = []
    const watched = bigram()
    const run = watched.run.bind(watched)
    watched.run = (batch, options) => {
      const edit = options?.edits?.get(HOOK)
      if (edit) spliced.push(edit(tf.zeros([batch.batch, batch.seq, D])).dataSync<'float32'>())
      return run(batch, options)
    }
    const row = (data: Float32Array, index: number): number[] => [...data.subarray(index * D, (index + 1) * D)]
    const original = (index: number): number[] => row(embedding, tokens[index]!)
    const sink = tokens.indexOf(5)
    await measure({ model: watched, dictionary: signedDictionary(0) })
    const [zeroed] = spliced
    for (const untouched of [0, CONTEXT, sink]) expect(row(zeroed!, untouched)).toEqual(original(untouched))
    expect(row(zeroed!, 1)).toEqual(new Array(D).fill(0))

    spliced.length = 0
    const all = await measure({ model: watched, dictionary: signedDictionary(0), includeExcluded: true })
    for (const touched of [0, CONTEXT, sink, 1]) expect(row(spliced[0]!, touched)).toEqual(new Array(D).fill(0))
    expect(all.tokens).toBe(6 * (CONTEXT - 1) - 4)
  })

  it('refuses contexts in which nothing is predicted, and stops when cancelled', async () => {
    await expect(measure({ tokens: new Int32Array(CONTEXT).fill(-1) })).rejects.toThrow('no context has two tokens')
    const controller = new AbortController()
    controller.abort()
    await expect(measure({ stage: silentStage(controller.signal) })).rejects.toThrow('the evaluation was cancelled')
  })

  it('leaves no tensor behind', async () => {
    const [model, dictionary] = [bigram(), signedDictionary(1)]
    const options = { model, hook: HOOK, dictionary, tokens, contextSize: CONTEXT, medianNorm: 2 }
    await measureCrossEntropy({ ...options, stage: silentStage() })
    const before = tf.memory().numTensors
    await measureCrossEntropy({ ...options, stage: silentStage() })
    expect(tf.memory().numTensors).toBe(before)
  })
})
