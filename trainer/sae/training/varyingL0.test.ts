/** Runs of every architecture whose selection rule carries something from step to step. */
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { correlation } from '../../evaluate/correlation'
import { silentStage } from '../../progress'
import { loadBackend } from '../../tensors/backend'
import { createRandom } from '../../tensors/random'
import { decodeCheckpoint } from './checkpoint'
import { Dictionary } from '../dictionary/dictionary'
import { createTensorflowEngine } from '../engines/tensorflow/engine'
import { ENGINES, relativeError } from '../engines/engines.testing'
import { architectureNamed, architectureNames, resolveTrainConfig } from '../architectures'
import type { TrainEngine } from '../step/spec'
import { rowBatches, syntheticData } from './synthetic'
import { carriesSelection } from './tiny.testing'
import { train, type Batch, type TrainOptions } from './train'

beforeAll(async () => {
  await loadBackend('tensorflow')
})

const ARCHITECTURES = architectureNames().filter(carriesSelection)

const DATA = syntheticData({ d_in: 16, directions: 24, meanActive: 2, seed: 3 }, 4000)

/** Batches with gradients that point along what each row holds, and a little elsewhere. */
function* withGradients(batches: Iterable<Batch>): Generator<Batch> {
  for (const batch of batches) {
    const random = createRandom(`gradients ${batch.row}`)
    yield { ...batch, gradient: batch.x.map((value) => 0.01 * (value + 0.3 * random.normal())) }
  }
}

function runOf(engine: TrainEngine, settings: object, overrides: Partial<TrainOptions> = {}): TrainOptions {
  const sizes = { d_in: 16, d_sae: 48, k: 3, tokens: 2000, batchSize: 100 }
  const config = resolveTrainConfig({ architecture: 'topk', ...sizes, ...settings })
  const plain = (startRow: number) => rowBatches(DATA.x, 16, config.batchSize, startRow)
  return {
    config,
    engine,
    stage: silentStage(),
    batches: config.architecture === 'gradient' ? (startRow) => withGradients(plain(startRow)) : plain,
    ...overrides,
  }
}

describe.each(ENGINES)('training on the %s engine', (_, create) => {
  it.each(ARCHITECTURES)('resumed at any step ends like an undisturbed run, byte for byte: %s', async (name) => {
    const settings = {
      architecture: name,
      deadAfterTokens: 300,
      ...architectureNamed(name).example,
    }
    const checkpoints: Buffer[] = []
    const onCheckpoint = (_at: unknown, bytes: Buffer) => void checkpoints.push(bytes)
    const engine = create()
    const whole = await train(runOf(engine, settings, { checkpointEverySteps: 1, onCheckpoint }))
    engine.dispose()
    for (const step of [0, createRandom(String(Date.now())).int(19), 18]) {
      const other = create()
      const rest = await train(runOf(other, settings, { resumeFrom: checkpoints[step]! }))
      other.dispose()
      expect(decodeCheckpoint(checkpoints[step]!).state.step).toBe(step + 1)
      expect(rest.dictionary, `resumed after ${step + 1}`).toEqual(whole.dictionary)
    }
  })

  it.each(ARCHITECTURES)('folds what the engine encodes at inference, near the L0 of training: %s', async (name) => {
    const engine = create()
    const { dictionary, metrics } = await train(runOf(engine, { architecture: name, tokens: 20_000 }))
    const x = DATA.x.subarray(0, 500 * 16).slice()
    const codes = await engine.encode(x)
    const expected = await engine.decode(codes)
    engine.dispose()
    const folded = Dictionary.create(dictionary.config, dictionary.tensors)
    const input = tf.tensor2d(x, [500, 16])
    const foldedCodes = folded.encode(input)
    const output = folded.decode(foldedCodes)
    expect(dictionary.config.activation.kind).toBe(name === 'gradient' ? 'topk' : 'jumprelu')
    expect(relativeError(await output.data(), expected)).toBeLessThan(1e-4)
    expect(Math.abs(codes.indices.length / 500 / metrics.l0 - 1)).toBeLessThan(name === 'gradient' ? 0.2 : 0.1)
    expect(metrics.explainedVariance).toBeGreaterThan(0.5)
    for (const each of [input, output, folded]) each.dispose()
  })
})

describe('mutual choice', () => {
  it('with the auxiliary loss of BatchTopK is BatchTopK', async () => {
    const results = []
    for (const settings of [{ architecture: 'batchtopk' }, { architecture: 'mutual-choice', auxLoss: 'aux-k' }]) {
      const engine = createTensorflowEngine()
      results.push(await train(runOf(engine, { ...settings, deadAfterTokens: 300 })))
      engine.dispose()
    }
    expect(results[1]!.dictionary.tensors).toEqual(results[0]!.dictionary.tensors)
    expect(results[1]!.metrics.selection).toEqual(results[0]!.metrics.selection)
  })
})

describe('feature choice', () => {
  it('that is Mutual Choice to its end is Mutual Choice, by both rules', async () => {
    const results = []
    for (const settings of [{ architecture: 'mutual-choice' }, { architecture: 'feature-choice', mutualShare: 1 }]) {
      const engine = createTensorflowEngine()
      const { dictionary } = await train(runOf(engine, { ...settings, deadAfterTokens: 300 }))
      const x = DATA.x.slice(0, 100 * 16)
      results.push([dictionary.tensors, await engine.encode(x), await engine.encode(x, { by: 'training' })])
      engine.dispose()
    }
    expect(results[1]).toEqual(results[0])
  })
})

describe('on known directions', () => {
  const d_in = 32

  /** Tokens with 1 to 8 active directions of 64. */
  function uneven(samples: number): { x: Float32Array; counts: Float32Array } {
    const { directions } = syntheticData({ d_in, directions: 64, meanActive: 4, seed: 5 }, 1)
    const random = createRandom('uneven')
    const x = new Float32Array(samples * d_in)
    const counts = Float32Array.from({ length: samples }, () => 1 + random.int(8))
    for (const [row, count] of counts.entries()) {
      for (const direction of random.permutation(64).subarray(0, count)) {
        const magnitude = Math.abs(1 + 0.3 * random.normal())
        for (let j = 0; j < d_in; j++) x[row * d_in + j]! += magnitude * directions[direction * d_in + j]!
      }
    }
    return { x, counts }
  }

  it('mutual choice explains more than TopK where tokens differ in what is active, and follows it', async () => {
    const { x, counts } = uneven(30_000)
    const figures = []
    for (const architecture of ['topk', 'mutual-choice']) {
      const engine = createTensorflowEngine()
      const settings = { architecture, d_in, d_sae: 96, k: 4, tokens: 45_000, batchSize: 128 }
      await train(runOf(engine, settings, { batches: (row) => rowBatches(x, d_in, 128, row) }))
      const sample = x.slice(0, 4000 * d_in)
      const codes = await engine.encode(sample)
      const unexplained = relativeError(await engine.decode(codes), sample) ** 2
      engine.dispose()
      const lengths = Float32Array.from({ length: 4000 }, (_, row) => codes.offsets[row + 1]! - codes.offsets[row]!)
      figures.push({
        unexplained,
        l0: codes.indices.length / 4000,
        follows: correlation(lengths, counts.subarray(0, 4000)),
      })
    }
    const [token, mutual] = figures as [(typeof figures)[number], (typeof figures)[number]]
    expect(Math.abs(mutual.l0 / token.l0 - 1)).toBeLessThan(0.05)
    expect(mutual.unexplained).toBeLessThan(token.unexplained)
    expect(mutual.follows).toBeGreaterThan(0.5)
  })

  it('feature choice leaves no latent dead, TopK without an auxiliary loss does', async () => {
    const { x } = syntheticData({ d_in, directions: 64, meanActive: 4, seed: 6 }, 30_000)
    const dead = []
    for (const settings of [{ architecture: 'feature-choice' }, { architecture: 'topk', auxCoefficient: 0 }]) {
      const engine = createTensorflowEngine()
      const sizes = { d_in, d_sae: 64, k: 4, tokens: 60_000, batchSize: 128, deadAfterTokens: 5000 }
      const batches = (row: number) => rowBatches(x, d_in, 128, row)
      dead.push((await train(runOf(engine, { ...settings, ...sizes }, { batches }))).metrics.deadLatents)
      engine.dispose()
    }
    expect(dead[0]).toBe(0)
    expect(dead[1]).toBeGreaterThan(0)
  })
})
