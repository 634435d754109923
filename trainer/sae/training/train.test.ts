import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { LoupeError } from '../../errors'
import { silentStage } from '../../progress'
import { loadBackend } from '../../tensors/backend'
import { createRandom } from '../../tensors/random'
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint'
import { Dictionary } from '../dictionary/dictionary'
import { createReferenceEngine } from '../engines/reference/engine'
import { createTensorflowEngine } from '../engines/tensorflow/engine'
import { ENGINES, relativeError } from '../engines/engines.testing'
import { foldCheckpoint } from './fineTune'
import { resolveTrainConfig, type TrainConfig } from '../architectures'
import { keptSteps } from '../architectures/schedule'
import type { TrainEngine } from '../step/spec'
import { bestCosines, rowBatches, syntheticData } from './synthetic'
import { train, type Progress, type TrainOptions, type TrainRecord } from './train'
import { ranksByDensity } from '../step/zipf/law'

beforeAll(async () => {
  await loadBackend('tensorflow')
})

const DATA = syntheticData({ d_in: 16, directions: 24, meanActive: 2, seed: 3 }, 4000)

function smallConfig(overrides: Partial<TrainConfig> = {}): TrainConfig {
  return resolveTrainConfig({
    architecture: 'topk',
    d_in: 16,
    d_sae: 48,
    k: 3,
    tokens: 2000,
    batchSize: 100,
    ...overrides,
  })
}

function runOf(engine: TrainEngine, overrides: Partial<TrainOptions> = {}): TrainOptions {
  const config = overrides.config ?? smallConfig()
  return {
    config,
    engine,
    batches: (startRow) => rowBatches(DATA.x, 16, config.batchSize, startRow),
    stage: silentStage(),
    ...overrides,
  }
}

async function trained(options: TrainOptions) {
  const result = await train(options)
  options.engine.dispose()
  return result
}

describe.each(ENGINES)('training on the %s engine', (_, create) => {
  it('trains the same dictionary again, and another for another seed', async () => {
    const first = await trained(runOf(create()))
    const again = await trained(runOf(create()))
    expect(again.dictionary).toEqual(first.dictionary)
    const other = await trained(runOf(create(), { config: smallConfig({ seed: 1 }) }))
    expect(other.dictionary.tensors['W_dec']).not.toEqual(first.dictionary.tensors['W_dec'])
  })

  it('resumed at any step ends like an undisturbed run, byte for byte', async () => {
    // Dead latents, clipping, warm-up and decay all happen within these 20 steps.
    const config = smallConfig({ deadAfterTokens: 300, gradientClip: 0.05 })
    const checkpoints: Buffer[] = []
    const onCheckpoint = (_at: Progress, bytes: Buffer) => void checkpoints.push(bytes)
    const whole = await trained(runOf(create(), { config, checkpointEverySteps: 1, onCheckpoint }))
    expect(checkpoints).toHaveLength(19)
    expect(whole.metrics.deadLatents).toBeGreaterThan(0)
    const random = createRandom(String(Date.now()))
    for (const step of [0, random.int(19), 18]) {
      const records: TrainRecord[] = []
      const onMetrics = (record: TrainRecord) => void records.push(record)
      const rest = await trained(
        runOf(create(), { config, resumeFrom: checkpoints[step]!, metricsEverySteps: 1, onMetrics }),
      )
      expect(records[0]!.step, `resumed after ${step + 1}`).toBe(step + 2)
      expect(rest.dictionary, `resumed after ${step + 1}`).toEqual(whole.dictionary)
      expect(rest.metrics.loss).toBe(whole.metrics.loss)
    }
  })

  it('stops with a checkpoint when aborted, and continues from it', async () => {
    const whole = await trained(runOf(create()))
    const controller = new AbortController()
    let saved: Buffer | undefined
    const stopped = runOf(create(), {
      stage: silentStage(controller.signal),
      metricsEverySteps: 1,
      onMetrics: ({ step }) => void (step === 7 && controller.abort()),
      onCheckpoint: (_at, bytes) => void (saved = bytes),
    })
    await expect(trained(stopped)).rejects.toThrow(/interrupted after 7 of 20 steps/)
    expect(decodeCheckpoint(saved!).state.step).toBe(7)
    expect((await trained(runOf(create(), { resumeFrom: saved! }))).dictionary).toEqual(whole.dictionary)
  })

  it('folds the input scale: the dictionary reconstructs raw activations as the engine does', async () => {
    const engine = create()
    const { dictionary, metrics } = await train(runOf(engine, { config: smallConfig({ tokens: 8000 }) }))
    const x = DATA.x.subarray(0, 200 * 16).slice()
    const codes = await engine.encode(x)
    const expected = await engine.decode(codes)
    engine.dispose()
    const folded = Dictionary.create(dictionary.config, dictionary.tensors)
    const input = tf.tensor2d(x, [200, 16])
    const foldedCodes = folded.encode(input)
    expect([...foldedCodes.indices]).toEqual([...codes.indices])
    const output = folded.decode(foldedCodes)
    expect(relativeError(await output.data(), expected)).toBeLessThan(1e-5)
    expect(relativeError(expected, x) ** 2).toBeLessThan(0.5)
    expect(metrics.explainedVariance).toBeGreaterThan(0.5)
    for (const each of [input, output, folded]) each.dispose()
  })

  it('finds known directions', async () => {
    const d_in = 32
    const data = syntheticData({ d_in, directions: 64, meanActive: 3, seed: 1 }, 60_000)
    const config = resolveTrainConfig({ architecture: 'topk', d_in, d_sae: 96, k: 3, tokens: 60_000, batchSize: 128 })
    const batches = (startRow: number) => rowBatches(data.x, d_in, config.batchSize, startRow)
    const { dictionary } = await trained(runOf(create(), { config, batches }))
    const cosines = bestCosines(data.directions, dictionary.tensors['W_dec']!.data, d_in)
    expect(cosines.reduce((sum, cosine) => sum + cosine, 0) / 64).toBeGreaterThan(0.9)
  })

  it('stops before gradients that are not finite ruin anything', async () => {
    function* poisoned(startRow: number) {
      for (const batch of rowBatches(DATA.x, 16, 100, startRow)) {
        if (batch.row === 1500) batch.x[3] = Infinity
        yield batch
      }
    }
    let saved: Buffer | undefined
    let streams = 0
    const run = runOf(create(), {
      // The first stream is that of the calibration sample.
      batches: (startRow) => (streams++ === 0 ? rowBatches(DATA.x, 16, 100, startRow) : poisoned(startRow)),
      checkpointEverySteps: 5,
      onCheckpoint: (_at, bytes) => void (saved = bytes),
    })
    await expect(trained(run)).rejects.toThrow(LoupeError)
    expect(decodeCheckpoint(saved!).state.step).toBe(15)
  })
})

describe('training', () => {
  it('reports, evaluates and saves at the configured steps', async () => {
    const seen: string[] = []
    const done: number[] = []
    await trained(
      runOf(createReferenceEngine(), {
        stage: { signal: new AbortController().signal, report: (tokens, total) => void done.push(tokens / total) },
        metricsEverySteps: 8,
        onMetrics: ({ step, tokens, learningRate, parts }) =>
          void seen.push(`metrics ${step} ${tokens} ${learningRate.toExponential(1)} ${Object.keys(parts).join()}`),
        evaluateEverySteps: 9,
        onEvaluate: ({ step }) => void seen.push(`evaluate ${step}`),
        checkpointEverySteps: 10,
        onCheckpoint: ({ step }) => void seen.push(`save ${step}`),
        config: smallConfig({ learningRate: 0.001, warmupSteps: 2, decaySteps: 4 }),
      }),
    )
    expect(seen).toEqual([
      'metrics 8 800 1.0e-3 mse,aux-k',
      'evaluate 9',
      'save 10',
      'metrics 16 1600 1.0e-3 mse,aux-k',
      'evaluate 18',
      'metrics 20 2000 2.5e-4 mse,aux-k',
      'evaluate 20',
    ])
    expect([done[0], done.at(-1)]).toEqual([0, 1])
  })

  it('is not resumed with other settings, on another engine or from other bytes', async () => {
    let saved: Buffer | undefined
    await trained(
      runOf(createReferenceEngine(), {
        checkpointEverySteps: 10,
        onCheckpoint: (_at, bytes) => void (saved = bytes),
      }),
    )
    const resume = (overrides: Partial<TrainConfig>, engine: TrainEngine = createReferenceEngine(), bytes = saved!) =>
      trained(runOf(engine, { config: smallConfig(overrides), resumeFrom: bytes }))
    const mismatch = await resume({ k: 4, learningRate: 0.5 }).catch((error: unknown) => error as LoupeError)
    expect((mismatch as LoupeError).code).toBe('mismatch')
    expect((mismatch as LoupeError).message).toMatch(/: k: stored 3, given 4; learningRate: stored 0\.\d+, given 0\.5$/)
    await expect(resume({}, createTensorflowEngine())).rejects.toThrow(/engine: stored "reference", given "tensorflow"/)
    await expect(resume({}, undefined, saved!.subarray(0, 1000))).rejects.toThrow(LoupeError)
    const { state, ...rest } = decodeCheckpoint(saved!)
    const tensors = Object.fromEntries(Object.entries(state.tensors).filter(([name]) => name !== 'adam.m.b_dec'))
    const incomplete = encodeCheckpoint({ ...rest, state: { ...state, tensors } })
    await expect(resume({}, undefined, incomplete)).rejects.toThrow(/b_dec is missing/)
    const weights = encodeCheckpoint({ ...decodeCheckpoint(saved!), config: { architecture: 'topk' } })
    await expect(resume({}, undefined, weights)).rejects.toThrow(/stored nothing, given 16/)
  })

  it('refuses activations from which nothing can be learned', async () => {
    const constant = runOf(createReferenceEngine(), {
      batches: (row) => rowBatches(new Float32Array(1600).fill(2), 16, 100, row),
    })
    await expect(trained(constant)).rejects.toThrow(/are the same/)
    const broken = runOf(createReferenceEngine(), {
      batches: (row) => rowBatches(new Float32Array(1600).fill(NaN), 16, 100, row),
    })
    await expect(trained(broken)).rejects.toThrow(/NaN or infinite/)
  })
})

describe('a run that starts from a checkpoint of another', () => {
  const startedFrom = async (settings: object, parent: Buffer) => {
    const config = resolveTrainConfig({ d_in: 16, d_sae: 48, k: 3, tokens: 2000, batchSize: 100, ...settings })
    return trained(runOf(createReferenceEngine(), { config, beginFrom: parent, metricsEverySteps: 1 }))
  }

  it('has its weights, under another schedule or method; its end is what it becomes', async () => {
    const engine = createReferenceEngine()
    const { checkpoint, dictionary, metrics } = await train(runOf(engine))
    const bytes = await checkpoint()
    engine.dispose()
    expect(foldCheckpoint(decodeCheckpoint(bytes))).toEqual(dictionary)
    const still = await startedFrom({ architecture: 'topk', learningRate: 1e-30, tokens: 100 }, bytes)
    expect(relativeError(still.dictionary.tensors['W_enc']!.data, dictionary.tensors['W_enc']!.data)).toBeLessThan(1e-6)
    const other = await startedFrom({ architecture: 'batchtopk', tokens: 100 }, bytes)
    expect(other.metrics.explainedVariance).toBeGreaterThan(metrics.explainedVariance - 0.1)
    await expect(startedFrom({ architecture: 'topk', d_sae: 32 }, bytes)).rejects.toThrow(
      /W_enc is \[16, 48\], not \[16, 32\]/,
    )
  })
})

describe.each(ENGINES)('Feature Choice that starts from a checkpoint on the %s engine', (_, create) => {
  it('ranks latents by the densities of that run', async () => {
    const parent = create()
    const { checkpoint } = await train(runOf(parent))
    const beginFrom = await checkpoint()
    parent.dispose()
    const settings = { d_in: 16, d_sae: 48, k: 3, tokens: 200, batchSize: 100, mutualShare: 0 }
    const config = resolveTrainConfig({ architecture: 'feature-choice', ...settings })
    let saved: Buffer | undefined
    const onCheckpoint = (_at: Progress, bytes: Buffer) => void (saved = bytes)
    await trained(runOf(create(), { config, beginFrom, checkpointEverySteps: 1, onCheckpoint }))
    const density = decodeCheckpoint(beginFrom).state.tensors['density']!.data
    const { data: rank } = decodeCheckpoint(saved!).state.tensors['select.rank']!
    expect(rank).toEqual(ranksByDensity(density))
    expect(rank).not.toEqual(ranksByDensity(new Float32Array(48)))
  })
})

describe('kept checkpoints', () => {
  it.each([
    [100, 20, [], [20, 40, 60, 80]],
    [100, 0.25, [0.1, 0.5, 33], [25, 50, 75, 10, 33]],
    [100, null, [1, 3, 10, 30, 100, 300], [1, 3, 10, 30]],
    [3, 0.1, [], [1, 2]],
  ])('of %i steps, every %j and at %j', (steps, every, at, kept) => {
    expect([...keptSteps(steps, every, at)]).toEqual(kept)
  })
})

describe('a training configuration', () => {
  it('gets defaults that follow from the length of the run', () => {
    const short = resolveTrainConfig({ architecture: 'topk', d_in: 576, d_sae: 4608, k: 32, tokens: 1_000_000 })
    expect(short).toMatchObject({
      batchSize: 2048,
      warmupSteps: 24,
      decaySteps: 98,
      deadAfterTokens: 50_000,
      auxK: 288,
    })
    const long = resolveTrainConfig({ architecture: 'topk', d_in: 576, d_sae: 4608, k: 32, tokens: 1e9 })
    expect(long).toMatchObject({ warmupSteps: 1000, deadAfterTokens: 10_000_000 })
    expect(long.learningRate).toBeLessThan(short.learningRate)
  })

  it.each([
    [{ architecture: 'topk', d_in: 8, d_sae: 16, k: 17, tokens: 100 }, /k cannot exceed d_sae/],
    [{ architecture: 'topk', d_in: 8, d_sae: 16, k: 2, tokens: 100, colour: 'red' }, /colour/],
    [{ architecture: 'topk', d_in: 8, d_sae: 16, k: 0, tokens: 100 }, /k: /],
    [{ architecture: 'topkk' }, /there is no architecture "topkk"/],
    [{}, /names no architecture/],
  ])('is refused by the field that is wrong: %j', (settings, message) => {
    expect(() => resolveTrainConfig(settings)).toThrow(message)
  })
})
