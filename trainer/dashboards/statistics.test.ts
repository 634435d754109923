import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { LoupeError } from '../errors'
import { silentStage } from '../progress'
import { loadBackend } from '../tensors/backend'
import { createRandom } from '../tensors/random'
import { featureDescriber } from './compute'
import { identityDictionary, inBatches, type PlantedContexts } from './planted.testing'
import { codeSample, type CodedSample, type SampleOptions } from './sample'
import type { FeatureStatistics } from './types'

const CONTEXT = 16
const CONTEXTS = 300
const FEATURES = 6
const NO_LOGITS = { method: 'none', top: [], bottom: [] } as const

/** Feature 0 random and sparse, 1 never fires, 2 once, 3 everywhere, 4 on token 7 only, 5 random. */
function plant(): PlantedContexts {
  const random = createRandom(11)
  const rows = CONTEXTS * CONTEXT
  const tokens = Int32Array.from({ length: rows }, () => Math.floor(random.next() * 50))
  const excluded = new Uint8Array(rows)
  const activations = new Float32Array(rows * FEATURES)
  for (let row = 0; row < rows; row++) {
    const last = Math.floor(row / CONTEXT) === CONTEXTS - 1
    if (row % CONTEXT === 0 || row === 37) excluded[row] = 1
    if (last && row % CONTEXT > 9) {
      tokens[row] = -1
      excluded[row] = 1
    }
    activations[row * FEATURES] = random.next() < 0.1 ? random.next() * 5 : 0
    activations[row * FEATURES + 2] = row === 1003 ? 2.5 : 0
    activations[row * FEATURES + 3] = 1 + random.next()
    activations[row * FEATURES + 4] = tokens[row] === 7 ? 3 : 0
    activations[row * FEATURES + 5] = random.next() < 0.5 ? Math.round(random.next() * 8) / 4 : 0
  }
  return { tokens, excluded, activations }
}

const data = plant()
const counted = Array.from(data.excluded.keys()).filter((row) => !data.excluded[row])
const at = (row: number, feature: number): number => data.activations[row * FEATURES + feature]!
const firing = (feature: number): number[] => counted.filter((row) => at(row, feature) > 0)

const dictionary = identityDictionary(FEATURES)

function sampleOf(batchSize: number, options: Partial<SampleOptions> = {}): Promise<CodedSample> {
  return codeSample({
    dictionary,
    batches: inBatches(data, CONTEXT, batchSize),
    contextSize: CONTEXT,
    contexts: CONTEXTS,
    totalTokens: counted.length,
    from: 0,
    to: FEATURES,
    memoryLimit: 1e9,
    stage: silentStage(),
    ...options,
  })
}

let all: FeatureStatistics[]

beforeAll(async () => {
  await loadBackend('cpu')
  const describeFeature = featureDescriber(await sampleOf(1000), 3)
  all = Array.from({ length: FEATURES }, (_, feature) =>
    describeFeature(feature, { ...NO_LOGITS, top: [], bottom: [] }, []),
  )
})

describe('statistics against a plain count', () => {
  it('counts tokens and firings exactly, means in double precision', () => {
    for (let feature = 0; feature < FEATURES; feature++) {
      const values = firing(feature).map((row) => at(row, feature))
      const { fireCount, maxActivation, meanActivation, tokens } = all[feature]!
      expect(tokens).toBe(counted.length)
      expect(fireCount).toBe(values.length)
      expect(maxActivation).toBe(values.length ? Math.max(...values) : 0)
      expect(meanActivation).toBeCloseTo(values.length ? values.reduce((a, b) => a + b, 0) / values.length : 0, 12)
    }
  })

  it('spreads every firing over the bins', () => {
    for (const { histogram, fireCount } of all) expect(histogram.reduce((a, b) => a + b, 0)).toBe(fireCount)
    const rows = firing(0)
    const max = all[0]!.maxActivation
    const third = rows.filter((row) => at(row, 0) >= (2 / 50) * max && at(row, 0) < (3 / 50) * max).length
    expect(all[0]!.histogram[2]).toBe(third)
    expect(all[2]!.histogram[49]).toBe(1)
  })

  it('leaves a feature that never fires empty', () => {
    expect(all[1]).toMatchObject({
      fireCount: 0,
      maxActivation: 0,
      meanActivation: 0,
      top: [],
      random: [],
      topTokens: [],
    })
    expect(all[1]!.intervals.every(({ examples }) => examples.length === 0)).toBe(true)
  })

  it('finds the single firing of a feature, with its context in the harvest', () => {
    const [example] = all[2]!.top
    expect(example).toEqual({
      context: Math.floor(1003 / CONTEXT),
      position: 1003 % CONTEXT,
      activation: 2.5,
      positions: [1003 % CONTEXT],
      values: [2.5],
    })
  })
})

describe('examples', () => {
  it('show the strongest contexts, each once with its peak', () => {
    const peaks = new Map<number, number>()
    for (const row of firing(0)) {
      const context = Math.floor(row / CONTEXT)
      peaks.set(context, Math.max(peaks.get(context) ?? 0, at(row, 0)))
    }
    const expected = [...peaks].sort((a, b) => b[1] - a[1]).slice(0, 20)
    expect(all[0]!.top.map(({ context, activation }) => [context, activation])).toEqual(expected)
  })

  it('break ties by the first row', () => {
    const rows = firing(5).filter((row) => at(row, 5) === 2)
    const contexts = [...new Set(rows.map((row) => Math.floor(row / CONTEXT)))].slice(0, 20)
    expect(all[5]!.top.map(({ context }) => context)).toEqual(contexts)
  })

  it('carry every activation of the context and no excluded position', () => {
    for (const { context, positions, values } of all[3]!.top) {
      const base = context * CONTEXT
      const expected = Array.from({ length: CONTEXT }, (_, p) => p).filter((p) => !data.excluded[base + p])
      expect(positions).toEqual(expected)
      expect(values).toEqual(expected.map((p) => at(base + p, 3)))
    }
  })

  it('draw intervals from true quantiles of the feature', () => {
    for (const feature of [0, 3, 5]) {
      const ascending = firing(feature)
        .map((row) => at(row, feature))
        .sort((a, b) => a - b)
      const n = ascending.length
      for (const { from, to, lower, upper, examples } of all[feature]!.intervals) {
        expect(lower).toBe(ascending[Math.min(n - 1, Math.floor(from * n))])
        expect(upper).toBe(ascending[Math.min(n - 1, Math.floor(to * n))])
        expect(examples).toHaveLength(5)
        expect(new Set(examples.map(({ context }) => context)).size).toBe(5)
        for (const { activation, position, context } of examples) {
          expect(activation).toBeGreaterThanOrEqual(lower)
          expect(activation).toBeLessThanOrEqual(upper)
          expect(activation).toBe(at(context * CONTEXT + position, feature))
        }
      }
    }
  })

  it('draw at random from all firings: over many seeds each tenth of the ranks is met equally often', async () => {
    const sample = await sampleOf(5000)
    const ranks = new Map(
      firing(0)
        .sort((a, b) => at(a, 0) - at(b, 0))
        .map((row, rank) => [row, rank]),
    )
    const tenths = new Array<number>(10).fill(0)
    for (let seed = 0; seed < 100; seed++) {
      const { random } = featureDescriber(sample, seed)(0, { ...NO_LOGITS, top: [], bottom: [] }, [])
      expect(random).toHaveLength(10)
      for (const { context, position } of random) {
        tenths[Math.floor((10 * ranks.get(context * CONTEXT + position)!) / ranks.size)]!++
      }
    }
    for (const count of tenths) expect(Math.abs(count - 100)).toBeLessThan(40)
  })
})

describe('top tokens', () => {
  it('rank the token that the feature stands for first', () => {
    const occurrences = counted.filter((row) => data.tokens[row] === 7).length
    expect(all[4]!.topTokens).toEqual([{ token: 7, mean: 3, fires: occurrences, occurrences }])
  })

  it('count silent occurrences in the mean', () => {
    for (const { token, mean, fires, occurrences } of all[0]!.topTokens) {
      const rows = counted.filter((row) => data.tokens[row] === token)
      expect(occurrences).toBe(rows.length)
      expect(fires).toBe(rows.filter((row) => at(row, 0) > 0).length)
      expect(mean).toBeCloseTo(rows.reduce((sum, row) => sum + at(row, 0), 0) / rows.length, 10)
    }
  })
})

describe('one sample', () => {
  it('gives the same statistics however it is cut into batches', async () => {
    const describeFeature = featureDescriber(await sampleOf(64), 3)
    all.forEach((expected, feature) =>
      expect(describeFeature(feature, { ...NO_LOGITS, top: [], bottom: [] }, [])).toEqual(expected),
    )
  })

  it('is refused when it does not fit in memory, with numbers and a remedy', async () => {
    const refused = await sampleOf(100, { memoryLimit: 20_000 }).catch((error: unknown) => error as LoupeError)
    expect(refused).toMatchObject({ code: 'too-large' })
    const { message, remedy } = refused as LoupeError
    expect(message).toMatch(/features 0 to 5 over 4493 tokens need about 0\.1\d+ MiB; the limit is 0.0191 MiB/)
    expect(remedy).toMatch(/use \d+ tokens or fewer, or parts of \d+ features or fewer/)
  })

  it('is refused when it has other tokens than announced', async () => {
    await expect(sampleOf(100, { totalTokens: 4494 })).rejects.toThrow('has 4493 tokens instead of 4494')
  })

  it('stops when cancelled and leaves no tensor', async () => {
    const before = tf.memory().numTensors
    const controller = new AbortController()
    controller.abort()
    const cancelled = sampleOf(100, { stage: silentStage(controller.signal) })
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
    expect(tf.memory().numTensors).toBe(before)
  })
})
