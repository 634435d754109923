/** The training loop, top to bottom. */
import { setImmediate } from 'node:timers/promises'
import { LoupeError } from '../errors'
import type { Stage } from '../progress'
import type { FoldedDictionary } from './architectures/architecture'
import { calibrate, CALIBRATION_ROWS, type Calibration } from './calibrate'
import { checkResumable, decodeCheckpoint, encodeCheckpoint } from './checkpoint'
import { SELECTION_PREFIX, withoutPrefix } from './engines/checks'
import { parametersFrom } from './fineTune'
import { architectureNamed, resolveTrainConfig, type TrainConfig } from './registry'
import { learningRateAt } from './schedule'
import type { StepInput, StepMetrics, TrainEngine } from './spec'

/** Rows of a step, and where they begin in the sequence of training rows; the next batch begins `n` rows later. */
export interface Batch extends StepInput {
  row: number
}

export interface Progress {
  /** Steps and tokens so far. */
  step: number
  tokens: number
}

export interface TrainRecord extends Progress, StepMetrics {
  learningRate: number
  /** Since the record before this one. */
  tokensPerSecond: number
}

export interface TrainOptions {
  /** Resolved (`resolveTrainConfig`). */
  config: TrainConfig
  engine: TrainEngine
  /** Batches of `batchSize` rows without end; the same rows from a row on, whenever asked. */
  batches: (startRow: number) => AsyncIterable<Batch> | Iterable<Batch>
  stage: Stage
  /** Bytes of a checkpoint of the same run. */
  resumeFrom?: Uint8Array
  /** Bytes of a checkpoint of another run, whose weights and calibration this one begins with. */
  beginFrom?: Uint8Array
  /** Reading figures back waits for the device. */
  metricsEverySteps?: number
  onMetrics?: (record: TrainRecord) => void | Promise<void>
  /**
   * Called every `evaluateEverySteps`, and after the last step: held-out figures through `engine.encode` and `decode`.
   * What it returns says whether a checkpoint is to be taken there.
   */
  evaluateEverySteps?: number
  onEvaluate?: (at: Progress) => boolean | void | Promise<boolean | void>
  /** By whichever comes first; also when the stage is aborted. Not after the last step: see `TrainResult`. */
  checkpointEverySteps?: number
  checkpointEverySeconds?: number
  /** Steps after which one is taken besides. */
  checkpointAt?: ReadonlySet<number>
  onCheckpoint?: (at: Progress, bytes: Buffer) => void | Promise<void>
}

export interface TrainResult {
  dictionary: FoldedDictionary
  /** Of the last step. */
  metrics: TrainRecord
  /** A checkpoint of the end, for other runs to begin from. */
  checkpoint: () => Promise<Buffer>
}

/**
 * Trains one dictionary. The engine is given back initialised, to evaluate the result or to be disposed.
 * @throws LoupeError `mismatch` when resumed with other settings, `cancelled` when the stage is aborted (after a last
 *   checkpoint), `bad-input` when the loss diverges: the last checkpoint then stands
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { config, engine, stage } = options
  const architecture = architectureNamed(config.architecture)
  const steps = Math.ceil(config.tokens / config.batchSize)
  const { calibration, ...start } = await begin(options)

  let { step, row } = start
  let metrics: TrainRecord | undefined
  let measuredAt = { time: performance.now(), step }
  let savedAt = { time: performance.now(), step }
  const progress = (): Progress => ({ step, tokens: step * config.batchSize })
  const encoded = async () =>
    encodeCheckpoint({ config, engine: engine.info, calibration, row, state: await engine.state() })
  const checkpoint = async () => {
    await options.onCheckpoint?.(progress(), await encoded())
    savedAt = { time: performance.now(), step }
  }
  const isSaveDue = () =>
    options.checkpointAt?.has(step) ||
    step - savedAt.step >= (options.checkpointEverySteps ?? Infinity) ||
    performance.now() - savedAt.time >= 1000 * (options.checkpointEverySeconds ?? Infinity)

  stage.report(progress().tokens, steps * config.batchSize)
  for await (const batch of options.batches(row)) {
    // Steps block; signals, heartbeats and reads from the database get their turn between them.
    await setImmediate()
    if (stage.signal.aborted) {
      if (step > savedAt.step) await checkpoint()
      throw new LoupeError('cancelled', `training was interrupted after ${step} of ${steps} steps`)
    }
    const learningRate = learningRateAt(step, steps, config)
    const isLast = step + 1 === steps
    const readMetrics = isLast || (step + 1) % (options.metricsEverySteps ?? 10) === 0
    const read = await engine.step(batch, { learningRate, readMetrics })
    step += 1
    row = batch.row + batch.x.length / config.d_in

    if (read) {
      const seconds = (performance.now() - measuredAt.time) / 1000
      const tokensPerSecond = ((step - measuredAt.step) * config.batchSize) / seconds
      metrics = { ...progress(), learningRate, tokensPerSecond, ...read }
      measuredAt = { time: performance.now(), step }
      await options.onMetrics?.(metrics)
    }
    stage.report(progress().tokens, steps * config.batchSize)
    const isEvaluated = isLast || step % (options.evaluateEverySteps ?? Infinity) === 0
    const isWanted = isEvaluated && (await options.onEvaluate?.(progress()))
    if (isLast) break
    if (isWanted || isSaveDue()) await checkpoint()
  }

  if (step < steps || !metrics)
    throw new LoupeError('bad-input', `the activations ended after ${step} of ${steps} steps`)
  const carried = withoutPrefix((await engine.state()).tensors, SELECTION_PREFIX)
  const dictionary = architecture.fold(config, await engine.params(), calibration, carried)
  return { dictionary, metrics, checkpoint: encoded }
}

/** Readies the engine for the next step: of a new run, one that goes on, or one that begins with another's weights. */
async function begin(options: TrainOptions): Promise<{ calibration: Calibration; step: number; row: number }> {
  const { config, engine } = options
  const architecture = architectureNamed(config.architecture)
  if (options.resumeFrom) {
    const { calibration, state, row, ...stored } = decodeCheckpoint(options.resumeFrom)
    const checked = { ...stored, config: withDefaults(stored.config) }
    checkResumable(checked, config, engine.info)
    await engine.init(architecture.spec(config, calibration), state.tensors)
    await engine.load(state)
    return { calibration, step: state.step, row }
  }
  const parent = options.beginFrom && decodeCheckpoint(options.beginFrom)
  const calibration = parent ? parent.calibration : calibrate(await calibrationSample(options), config.d_in)
  const spec = architecture.spec(config, calibration)
  const initial = architecture.initialise(config, calibration)
  await engine.init(spec, parent ? parametersFrom(parent, spec, initial) : initial)
  return { calibration, step: 0, row: 0 }
}

/** A configuration that was stored before a setting existed has its default. */
function withDefaults(stored: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  try {
    return { ...resolveTrainConfig(stored) }
  } catch {
    return stored
  }
}

/** The first rows of the run: the stream is shuffled, so they are a sample. */
async function calibrationSample({ config, batches }: TrainOptions): Promise<Float32Array> {
  const rows = Math.min(CALIBRATION_ROWS, config.tokens)
  const sample = new Float32Array(rows * config.d_in)
  let filled = 0
  for await (const { x } of batches(0)) {
    const part = x.subarray(0, sample.length - filled)
    sample.set(part, filled)
    filled += part.length
    if (filled === sample.length) break
  }
  return sample.subarray(0, filled)
}
