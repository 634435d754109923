/** Every architecture without state in its selection trains; ReLU, JumpReLU, Gated and transcoders do what their papers say. */
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { silentStage } from '../../progress'
import { loadBackend } from '../../tensors/backend'
import { Dictionary } from '../dictionary/dictionary'
import { createReferenceEngine } from '../engines/reference/engine'
import {
  batchOf,
  ENGINES,
  firstGradients,
  initialised,
  relativeError,
  roughParameters,
  varyingSpecs,
} from '../engines/engines.testing'
import { upperQuantile } from '../architectures/initialise'
import { nextCoefficient } from '../step/losses/sparsity'
import { partOf } from '../step/oracleRules.testing'
import { architectureNamed, architectureNames, resolveTrainConfig } from '../architectures'
import type { EngineSpec, TrainEngine } from '../step/spec'
import { rowBatches, syntheticData } from './synthetic'
import { carriesSelection } from './tiny.testing'
import { train, type Batch } from './train'

const N = 32
const QUIET = { learningRate: 1e-3, readMetrics: false }

beforeAll(async () => {
  await loadBackend('tensorflow')
})

const DATA = syntheticData({ d_in: 16, directions: 24, meanActive: 2, seed: 3 }, 4000)

/** With targets of 10 values that depend on the input, not linearly. */
function* batches(startRow: number, hasTarget: boolean): Generator<Batch> {
  for (const batch of rowBatches(DATA.x, 16, 100, startRow)) {
    const target = Float32Array.from({ length: 1000 }, (_, at) =>
      Math.max(0, batch.x[Math.floor(at / 10) * 16 + (at % 10)]!),
    )
    yield hasTarget ? { ...batch, target } : batch
  }
}

const specNamed = (name: string): EngineSpec => varyingSpecs(N).find(([label]) => label === name)![1]

describe.each(ENGINES)('on the %s engine', (_, create) => {
  let engine: TrainEngine
  afterEach(() => engine.dispose())

  it.each(architectureNames().filter((name) => !carriesSelection(name)))(
    '%s trains, and folds what the engine encodes',
    async (architecture) => {
      const isPair = architectureNamed(architecture).needs?.includes('target') ?? false
      const settings = { d_in: 16, d_sae: 48, k: 3, tokens: 8000, batchSize: 100, ...(isPair && { d_out: 10 }) }
      const config = resolveTrainConfig({ architecture, ...settings })
      engine = create()
      const { dictionary, metrics } = await train({
        config,
        engine,
        stage: silentStage(),
        batches: (row: number) => batches(row, isPair),
      })
      expect(metrics.explainedVariance).toBeGreaterThan(0.15)
      const x = DATA.x.slice(0, 200 * 16)
      const codes = await engine.encode(x)
      const folded = Dictionary.create(dictionary.config, dictionary.tensors)
      const input = tf.tensor2d(x, [200, 16])
      const foldedCodes = folded.encode(input)
      expect([...foldedCodes.offsets]).toEqual([...codes.offsets])
      expect([...foldedCodes.indices]).toEqual([...codes.indices])
      const output = folded.decode(foldedCodes, input)
      expect(relativeError(await output.data(), await engine.decode(codes, x))).toBeLessThan(1e-5)
      for (const each of [input, output, folded]) each.dispose()
    },
  )

  it('the auxiliary loss of gated dictionaries leaves the decoder alone', async () => {
    const { losses, ...rest } = specNamed('gated')
    const outcomes = []
    for (const parts of [losses, losses.filter(({ part }) => part !== 'gated-aux')]) {
      const spec = { ...rest, losses: parts, subtractDecoderBias: false }
      engine = await initialised(create(), spec)
      await engine.step(batchOf(spec, N, 'gated'), QUIET)
      outcomes.push(firstGradients(await engine.state(), spec))
      engine.dispose()
    }
    for (const name of ['W_dec', 'b_dec', 'r_mag', 'b_mag'])
      expect(outcomes[0]![name], name).toEqual(outcomes[1]![name])
    expect(outcomes[0]!['W_enc']).not.toEqual(outcomes[1]!['W_enc'])
  })

  it('a skip transcoder whose W_skip is 0 takes the step of a transcoder', async () => {
    const outcomes = []
    for (const name of ['transcoder', 'skip transcoder']) {
      const spec = specNamed(name)
      const parameters = Object.fromEntries(Object.entries(roughParameters(spec)).filter(([key]) => key !== 'W_skip'))
      engine = await initialised(create(), spec, parameters)
      await engine.step(batchOf(spec, N, 'skip'), QUIET)
      outcomes.push((await engine.state()).tensors)
      engine.dispose()
    }
    for (const name of ['W_enc', 'b_enc', 'W_dec', 'b_dec'])
      expect(outcomes[1]![name], name).toEqual(outcomes[0]![name])
    expect(outcomes[1]!['W_skip']!.data.some((value) => value !== 0)).toBe(true)
  })
})

it('the gradient of L0 is that of a loss whose steps are ramps as wide as the band', () => {
  const [d_sae, bandwidth, coefficient] = [6, 0.3, 0.7]
  const pre = Float64Array.from({ length: 20 * d_sae }, (_, at) => Math.sin(at * 1.7))
  const threshold = Float64Array.from({ length: d_sae }, (_, f) => 0.2 + 0.05 * f)
  const ramps = (thetas: Float64Array) =>
    pre.reduce((sum, value, at) => sum + Math.min(1, Math.max(0, (value - thetas[at % d_sae]!) / bandwidth + 0.5)), 0)
  const none = new Float64Array(0)
  const part = { part: 'l0', coefficient, target: null, bandwidth, warmupSteps: 0 } as const
  const parameters = { b_enc: new Float64Array(d_sae), threshold }
  const { threshold: gradient } = partOf(part, {
    n: 20,
    d_out: 1,
    pre,
    z: pre,
    target: none,
    parameters,
    frozen: { W_dec: none, b_dec: none },
  })
  for (let f = 0; f < d_sae; f++) {
    const moved = (by: number) => ramps(threshold.map((value, at) => (at === f ? value + by : value)))
    expect(gradient![f]).toBeCloseTo((coefficient * (moved(1e-6) - moved(-1e-6))) / 2e-6 / 20, 5)
  }
})

it('our controller increases sparsity while too many latents are on, and waits for the warm-up', () => {
  const spec = { target: { l0: 10, gain: 0.1 }, warmupSteps: 5 }
  expect(nextCoefficient(2, 1000, 4, spec)).toBe(2)
  expect(nextCoefficient(2, 1000, 5, spec)).toBeCloseTo(2 * Math.exp(0.1))
  expect(nextCoefficient(2, 10, 5, spec)).toBe(2)
  expect(nextCoefficient(2, 0, 5, spec)).toBeCloseTo(2 * Math.exp(-0.1))
  expect(nextCoefficient(2, 11, 5, { ...spec, target: null })).toBe(2)
})

it('JumpReLU has a kernel that sees enough of a batch where it follows k, and that of the paper where it does not', () => {
  const config = (settings: object) =>
    resolveTrainConfig({ architecture: 'jumprelu', d_in: 16, d_sae: 64, tokens: 1000, ...settings })
  expect(config({ k: 4 })).toMatchObject({ bandwidth: 0.1 })
  expect(config({})).toMatchObject({ bandwidth: 0.001 })
  expect(config({ k: 4, bandwidth: 0.02 })).toMatchObject({ bandwidth: 0.02 })
})

describe('the first threshold of JumpReLU', () => {
  it('is what a normal variable passes with the wanted probability', () => {
    for (const [p, z] of [
      [0.5, 0],
      [0.1, 1.28155],
      [0.01, 2.32635],
      [0.001, 3.09023],
    ] as const) {
      expect(upperQuantile(p)).toBeCloseTo(z, 3)
    }
  })

  it('lets about k latents through at the first step', async () => {
    const config = resolveTrainConfig({
      architecture: 'jumprelu',
      d_in: 16,
      d_sae: 256,
      k: 16,
      tokens: 100,
      batchSize: 100,
    })
    const engine = createReferenceEngine()
    const { metrics } = await train({ config, engine, stage: silentStage(), batches: (row) => batches(row, false) })
    engine.dispose()
    expect(metrics.l0).toBeGreaterThan(8)
    expect(metrics.l0).toBeLessThan(32)
  })
})
