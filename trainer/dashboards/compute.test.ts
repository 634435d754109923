import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { silentStage } from '../progress'
import { loadBackend } from '../tensors/backend'
import { createRandom } from '../tensors/random'
import { unitRows } from '../tensors/unitRows'
import { computeFeaturePart, featureParts, type FeatureRow } from './compute'
import { logitEffects } from './logits'
import { decoderNeighbours } from './neighbours'
import { unpackFeature } from './pack'
import { identityDictionary, inBatches, unembeddingOnly } from './planted.testing'

const [FEATURES, VOCABULARY, CONTEXT, CONTEXTS] = [40, 300, 32, 60]

function uniform(count: number, seed: number): Float32Array {
  const random = createRandom(seed)
  return Float32Array.from({ length: count }, () => random.next() * 2 - 1)
}

const directions = uniform(FEATURES * FEATURES, 1)
const unembedding = uniform(FEATURES * VOCABULARY, 2)
const gain = uniform(FEATURES, 3)

/** direction · diag(gain) · W_U in double precision. */
function plainLogits(feature: number, withGain: boolean): number[] {
  return Array.from({ length: VOCABULARY }, (_, token) => {
    let sum = 0
    for (let i = 0; i < FEATURES; i++) {
      sum += directions[feature * FEATURES + i]! * (withGain ? gain[i]! : 1) * unembedding[i * VOCABULARY + token]!
    }
    return sum
  })
}

let decoder: tf.Tensor2D
let model: ReturnType<typeof unembeddingOnly>

beforeAll(async () => {
  await loadBackend()
  decoder = tf.tensor2d(directions, [FEATURES, FEATURES])
  model = unembeddingOnly(tf.tensor2d(unembedding, [FEATURES, VOCABULARY]), tf.tensor1d(gain))
})

describe('logit effects', () => {
  it.each([
    ['blocks.9.hook_resid_post', true],
    ['ln_final.hook_normalized', false],
  ])('at %s are the largest and smallest products', (hook, withGain) => {
    const effects = logitEffects(model, hook, decoder)
    for (const feature of [0, 17, 39]) {
      const logits = plainLogits(feature, withGain)
      const ranked = logits.map((logit, token) => ({ token, logit })).sort((a, b) => b.logit - a.logit)
      const { top, bottom } = effects[feature]!
      expect(top.map(({ token }) => token)).toEqual(ranked.slice(0, 20).map(({ token }) => token))
      expect(bottom.map(({ token }) => token)).toEqual(
        ranked
          .reverse()
          .slice(0, 20)
          .map(({ token }) => token),
      )
      for (const { token, logit } of [...top, ...bottom]) expect(logit).toBeCloseTo(logits[token]!, 4)
    }
  })

  it('are none where a direction has no direct path', () => {
    expect(logitEffects(model, 'blocks.3.attn.hook_z', decoder)[5]).toEqual({ method: 'none', top: [], bottom: [] })
  })
})

describe('decoder neighbours', () => {
  it('are the nearest other features by cosine, whatever the norms', () => {
    const units = unitRows(decoder)
    const found = decoderNeighbours(units, 10, 20)
    units.dispose()
    const row = (feature: number): Float32Array => directions.subarray(feature * FEATURES, (feature + 1) * FEATURES)
    const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0)
    const cosine = (f: number, g: number): number =>
      dot(row(f), row(g)) / Math.sqrt(dot(row(f), row(f)) * dot(row(g), row(g)))
    found.forEach((neighbours, i) => {
      const others = Array.from({ length: FEATURES }, (_, g) => g).filter((g) => g !== 10 + i)
      const expected = others.sort((a, b) => cosine(10 + i, b) - cosine(10 + i, a)).slice(0, 10)
      expect(neighbours.map(({ feature }) => feature)).toEqual(expected)
      for (const n of neighbours) expect(n.cosine).toBeCloseTo(cosine(10 + i, n.feature), 5)
    })
  })

  it('name a copy of the same direction, not the feature itself', () => {
    const units = unitRows(tf.tensor2d([1, 0, 1, 0, 0, 1], [3, 2]))
    const found = decoderNeighbours(units, 0, 3)
    units.dispose()
    expect(found.map(([nearest]) => nearest)).toEqual([
      { feature: 1, cosine: 1 },
      { feature: 0, cosine: 1 },
      { feature: 0, cosine: 0 },
    ])
  })
})

const dictionary = identityDictionary(FEATURES)

function part(from: number, to: number, signal?: AbortSignal): Promise<FeatureRow[]> {
  const rows = CONTEXTS * CONTEXT
  const random = createRandom(9)
  const data = {
    tokens: Int32Array.from({ length: rows }, () => Math.floor(random.next() * VOCABULARY)),
    excluded: Uint8Array.from({ length: rows }, (_, row) => (row % CONTEXT === 0 ? 1 : 0)),
    activations: uniform(rows * FEATURES, 5).map((value) => Math.max(0, value - 0.6)),
  }
  return computeFeaturePart({
    dictionary,
    decoder,
    hook: 'blocks.9.hook_resid_post',
    model,
    batches: inBatches(data, CONTEXT, 250),
    contextSize: CONTEXT,
    contexts: CONTEXTS,
    totalTokens: CONTEXTS * (CONTEXT - 1),
    from,
    to,
    seed: 1,
    stage: silentStage(signal),
  })
}

describe('a part of the features', () => {
  it('has the same bytes alone, in other parts, and again; and leaves no tensor', async () => {
    const whole = await part(0, FEATURES)
    const before = tf.memory().numTensors
    const again = await part(0, FEATURES)
    const halves = [...(await part(0, 13)), ...(await part(13, FEATURES))]
    expect(tf.memory().numTensors).toBe(before)
    expect(whole.map(({ index }) => index)).toEqual(Array.from({ length: FEATURES }, (_, i) => i))
    expect(again).toEqual(whole)
    expect(halves).toEqual(whole)
  })

  it('carries in its columns what is packed', async () => {
    for (const row of await part(3, 6)) {
      const packed = unpackFeature(row.packed, row.index)
      expect(packed.fireCount).toBe(row.fireCount)
      expect(packed.maxActivation).toBe(row.maxActivation)
      expect(row.density).toBe(row.fireCount / (CONTEXTS * (CONTEXT - 1)))
      expect(packed.meanActivation).toBe(Math.fround(row.meanActivation))
      expect(packed.logits.top).toHaveLength(20)
      expect(packed.neighbours).toHaveLength(10)
      expect(packed.top).toHaveLength(20)
    }
  })

  it('stops when cancelled', async () => {
    const controller = new AbortController()
    controller.abort()
    await expect(part(0, 4, controller.signal)).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('is one of the ranges that cover a dictionary', () => {
    expect(featureParts(40_000)).toEqual([
      { from: 0, to: 16_384 },
      { from: 16_384, to: 32_768 },
      { from: 32_768, to: 40_000 },
    ])
  })
})
