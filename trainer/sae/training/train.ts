/** The training loop, top to bottom. */
import { setImmediate } from 'node:timers/promises'
import { LoupeError } from '../../errors'
import type { Stage } from '../../progress'
import type { FoldedDictionary } from '../architectures/record'
import { calibrate, CALIBRATION_ROWS, type Calibration } from '../architectures/calibrate'
import { checkResumable, decodeCheckpoint, encodeCheckpoint } from './checkpoint'
import { SELECTION_PREFIX, withoutPrefix } from '../step/state'
import { initFrom } from './fineTune'
import { architectureNamed, withDefaults, type TrainConfig } from '../architectures'
import { resample, RESAMPLING_ROWS } from './resample'
import { isResampling, learningRateAt, runSteps } from '../architectures/schedule'
import type { EngineSpec, StepInput, StepMetrics, TrainEngine } from '../step/spec'
import { concatFloats } from '../../tensors/arrays'

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
  /** Endless batches of `batchSize` rows from a row on; equal calls return equal rows. */
  batches: (startRow: number) => AsyncIterable<Batch> | Iterable<Batch>
  stage: Stage
  /** Bytes of a checkpoint of the same run. */
  resumeFrom?: Uint8Array
  /** Bytes of a checkpoint of another run: this one starts with its weights and calibration. */
  beginFrom?: Uint8Array
  /** Reading figures back waits for the device. */
  metricsEverySteps?: number
  onMetrics?: (record: TrainRecord) => void | Promise<void>
  /**
   * Called every `evaluateEverySteps`, and after the last step: held-out figures through `engine.encode` and `decode`.
   * It returns whether to take a checkpoint there.
   */
  evaluateEverySteps?: number
  onEvaluate?: (at: Progress) => boolean | void | Promise<boolean | void>
  /** Whichever comes first; also when the stage is aborted. Not after the last step: see `TrainResult`. */
  checkpointEverySteps?: number
  checkpointEverySeconds?: number
  /** Steps after which one is also taken. */
  checkpointAt?: ReadonlySet<number>
  onCheckpoint?: (at: Progress, bytes: Buffer) => void | Promise<void>
}

export interface TrainResult {
  dictionary: FoldedDictionary
  /** Of the last step. */
  metrics: TrainRecord
  /** A checkpoint of the final state, from which other runs can start. */
  checkpoint: () => Promise<Buffer>
}

/**
 * Trains one dictionary. Afterwards the engine is still initialised: evaluate with it, or dispose of it.
 * @throws LoupeError `mismatch` when resumed with other settings, `cancelled` when the stage is aborted (after a last
 *   checkpoint), `bad-input` when the loss diverges: the last checkpoint stays valid
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { config, engine, stage } = options
  const architecture = architectureNamed(config.architecture)
  const steps = runSteps(config)
  const { spec, calibration, ...start } = await begin(options)

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
    if (!isLast && isResampling(step, steps, config.resampleAt)) {
      await resample(engine, spec, await sampleFrom(options, row, RESAMPLING_ROWS), `resampling ${config.seed} ${step}`)
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

interface Beginning {
  spec: EngineSpec
  calibration: Calibration
  step: number
  row: number
}

/** Prepares the engine for the next step: of a new run, a resumed run, or a run that starts with another's weights. */
async function begin(options: TrainOptions): Promise<Beginning> {
  const { config, engine } = options
  const architecture = architectureNamed(config.architecture)
  if (options.resumeFrom) {
    const { calibration, state, row, ...stored } = decodeCheckpoint(options.resumeFrom)
    const checked = { ...stored, config: withDefaults(stored.config) }
    checkResumable(checked, config, engine.info)
    const spec = architecture.spec(config, calibration)
    await engine.init(spec, state.tensors)
    await engine.load(state)
    return { spec, calibration, step: state.step, row }
  }
  const parent = options.beginFrom && decodeCheckpoint(options.beginFrom)
  const sample = await calibrationSample(options)
  const calibration = parent ? parent.calibration : calibrate(sample, config.d_in)
  const spec = architecture.spec(config, calibration)
  const initial = architecture.initialise(config, calibration, sample)
  if (parent) await initFrom(engine, parent, spec, initial)
  else await engine.init(spec, initial)
  return { spec, calibration, step: 0, row: 0 }
}

/** The first rows of the run: the stream is shuffled, so they are a sample. */
function calibrationSample(options: TrainOptions): Promise<StepInput> {
  return sampleFrom(options, 0, Math.min(CALIBRATION_ROWS, options.config.tokens))
}

/** Rows from a row on, with their companions; fewer where the data ends. */
async function sampleFrom({ config, batches }: TrainOptions, row: number, rows: number): Promise<StepInput> {
  const parts: Record<'x' | 'target' | 'gradient', Float32Array[]> = { x: [], target: [], gradient: [] }
  let missing = rows
  for await (const batch of batches(row)) {
    const rowsHere = batch.x.length / config.d_in
    const taken = Math.min(missing, rowsHere)
    for (const name of ['x', 'target', 'gradient'] as const) {
      const values = batch[name]
      if (values) parts[name].push(values.slice(0, (values.length / rowsHere) * taken))
    }
    missing -= taken
    if (missing === 0) break
  }
  const { x, target, gradient } = parts
  return {
    x: concatFloats(x),
    ...(target.length > 0 && { target: concatFloats(target) }),
    ...(gradient.length > 0 && { gradient: concatFloats(gradient) }),
  }
}
