import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LoadedModel } from '../model/types'
import { silentStage } from '../progress'
import { loadBackend } from '../tensors/backend'
import { drawStudyFeatures, steeringStudy, type StudyOptions } from './study'
import { median, rateRatio, ratioInterval, smoothedRate, type FeatureCounts } from './studyStatistics'
import { tinyDictionary, tinyLlama } from './tiny.testing'

const dictionary = tinyDictionary()
let loaded: LoadedModel

beforeAll(async () => {
  await loadBackend()
  loaded = await tinyLlama()
})

afterAll(() => {
  loaded.model.dispose()
  dictionary.dispose()
})

/** The twenty tokens that a direction promotes most. */
function promotedBy(feature: number): number[] {
  return tf.tidy(() => {
    const direction = tf.tensor2d(dictionary.direction(feature), [1, 32])
    return Array.from(tf.topk(loaded.model.unembed(direction), 20).indices.dataSync())
  })
}

function options(strength: number): StudyOptions {
  const features = [3, 11, 40].map((index) => ({ index, density: 0.01, maxActivation: 8, promoted: promotedBy(index) }))
  return {
    loaded,
    dictionary,
    hook: 'blocks.2.hook_resid_post',
    features,
    strength,
    seed: 1,
    prompts: [
      [5, 6, 7],
      [8, 9, 10],
    ],
    samples: 6,
    maxTokens: 10,
    temperature: 0.1,
    topP: 1,
    stage: silentStage(),
  }
}

describe('the steering study', () => {
  it('finds a feature with an effect: more promoted tokens and less likely texts, unlike random directions', async () => {
    const table = await steeringStudy(options(2))
    expect(table.rows.map(({ feature }) => feature)).toEqual([3, 11, 40])
    expect(table.againstUnsteered.low).toBeGreaterThan(2)
    expect(table.againstRandom.low).toBeGreaterThan(2)
    for (const { steered, unsteered } of table.rows) expect(steered).toBeGreaterThan(unsteered)
    expect(table.perplexity.ratio).toBeCloseTo(table.perplexity.steered / table.perplexity.unsteered, 10)
    expect(table.perplexity.ratio).toBeGreaterThan(1)
  })

  it('finds nothing at strength 0: every treatment gives the same texts', async () => {
    const table = await steeringStudy(options(0))
    expect(table.againstUnsteered).toEqual({
      value: 1,
      low: expect.any(Number) as number,
      high: expect.any(Number) as number,
    })
    expect(table.againstRandom.value).toBe(1)
    expect(table.perplexity.ratio).toBe(1)
  })

  it('is the same when repeated, and leaves no tensor', async () => {
    const first = await steeringStudy(options(1))
    const before = tf.memory().numTensors
    expect(await steeringStudy(options(1))).toEqual(first)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('stops when cancelled', async () => {
    const stage = silentStage(AbortSignal.abort())
    await expect(steeringStudy({ ...options(1), stage })).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('draws live features in the density range, the same ones for a seed', () => {
    const features = Array.from({ length: 1000 }, (_, index) => ({ index, density: index / 10_000 }))
    const drawn = drawStudyFeatures(features, { count: 20, seed: 0 })
    expect(new Set(drawn).size).toBe(20)
    expect(drawn.every((index) => index >= 5 && index <= 200)).toBe(true)
    expect(drawStudyFeatures(features, { count: 20, seed: 0 })).toEqual(drawn)
    expect(drawStudyFeatures(features, { count: 20, seed: 1 })).not.toEqual(drawn)
    expect(() => drawStudyFeatures(features.slice(0, 15), { count: 20, seed: 0 })).toThrow('only 10 features')
  })
})

describe('its statistics', () => {
  const counts = (promoted: number): FeatureCounts['steered'] =>
    Array.from({ length: 4 }, () => ({ promoted, tokens: 10 }))
  const features = [6, 5, 7, 6].map((promoted) => ({
    steered: counts(promoted),
    random: counts(2),
    unsteered: counts(1),
  }))

  it('match values computed by hand', () => {
    expect(smoothedRate(counts(3))).toBe(13 / 42)
    expect(smoothedRate([])).toBe(1 / 2)
    expect(rateRatio(features, 'unsteered')).toBeCloseTo((25 + 21 + 29 + 25) / 4 / 5, 12)
    expect(rateRatio(features, 'random')).toBeCloseTo((25 + 21 + 29 + 25) / 4 / 9, 12)
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 2, 3])).toBe(2)
  })

  it('have an interval around the value that is wider for features that differ more', () => {
    const { value, low, high } = ratioInterval(features, 'unsteered', { seed: 0 })
    expect(low).toBeLessThan(value)
    expect(high).toBeGreaterThan(value)
    const mixed = [1, 9, 2, 8].map((promoted) => ({
      steered: counts(promoted),
      random: counts(2),
      unsteered: counts(1),
    }))
    const wide = ratioInterval(mixed, 'unsteered', { seed: 0 })
    expect(wide.high - wide.low).toBeGreaterThan(2 * (high - low))
    expect(ratioInterval(features, 'unsteered', { seed: 0 })).toEqual({ value, low, high })
  })
})
