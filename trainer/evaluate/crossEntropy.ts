/** What the model loses when a dictionary's reconstruction replaces a hook's value. */
import * as tf from '@tensorflow/tfjs-core'
import { setTimeout } from 'node:timers/promises'
import { LoupeError } from '../errors'
import type { HookedModel, TokenBatch } from '../model/types'
import type { Stage } from '../progress'
import { activeIn } from '../sae/codes/codes'
import type { Dictionary } from '../sae/dictionary/dictionary'
import { PADDING } from '../positions'
import { countedRows } from '../store/counting'
import { tidyToHost } from '../tensors/tidyToHost'
import { ratio } from './reconstruction'
import type { MeasuredTokens } from './tokenSample'

/** Figures of `METRICS`, all over the same predictions. */
export interface CrossEntropyFigures {
  /** Predictions measured. */
  tokens: number
  crossEntropyClean: number
  crossEntropySpliced: number
  crossEntropyZero: number
  crossEntropyRecovered: number | null
  klSpliced: number
  klZero: number
  klRecovered: number | null
}

export interface CrossEntropyOptions {
  model: HookedModel
  hook: string
  /** Where the reconstruction is spliced in. Default: the hook; a transcoder's target, which must come after it. */
  writes?: string | undefined
  dictionary: Dictionary
  /** `[contexts, contextSize]` ids, padding at the end of a context. */
  tokens: Int32Array
  contextSize: number
  /** The harvest's median norm: positions above ten times it are attention sinks. */
  medianNorm: number
  /** Also splice and count first positions and sinks, to show their effect on the figures. Default false. */
  includeExcluded?: boolean
  /** Called with every measured prediction, in the order of the tokens. */
  onTokens?: (tokens: MeasuredTokens) => void
  stage: Stage
}

/** Logits in memory at once: positions × vocabulary. Larger batches are not faster, and delay cancelling and heartbeats. */
const LOGIT_ELEMENTS = 2 ** 24
const BREAK_MS = 10

/**
 * Cross-entropy and KL of the clean model, of the model with the reconstruction spliced in, and with zeros instead. A
 * transcoder reads one hook and replaces a later one; the hook that it reads does not change. First positions, attention
 * sinks and padding pass through unchanged, and predictions at them are not counted. Means over tokens first, ratios after,
 * not clamped.
 */
export async function measureCrossEntropy(options: CrossEntropyOptions): Promise<CrossEntropyFigures> {
  const { tokens, contextSize, model, stage } = options
  const contexts = tokens.length / contextSize
  const batch = Math.max(1, Math.floor(LOGIT_ELEMENTS / (contextSize * model.config.d_vocab)))
  const sums: Sums = { tokens: 0, clean: 0, spliced: 0, zero: 0, klSpliced: 0, klZero: 0 }
  for (let first = 0; first < contexts; first += batch) {
    if (stage.signal.aborted) throw new LoupeError('cancelled', 'the evaluation was cancelled')
    const count = Math.min(batch, contexts - first)
    const ids = tokens.subarray(first * contextSize, (first + count) * contextSize)
    await addBatch(options, ids, sums)
    stage.report(tokens.length * ((first + count) / contexts), tokens.length)
    await setTimeout(BREAK_MS)
  }
  return figures(sums)
}

interface Sums {
  tokens: number
  clean: number
  spliced: number
  zero: number
  klSpliced: number
  klZero: number
}

function figures(sums: Sums): CrossEntropyFigures {
  if (sums.tokens === 0) throw new LoupeError('bad-input', 'no context has two tokens, so nothing can be predicted')
  const mean = (sum: number): number => sum / sums.tokens
  const [clean, spliced, zero] = [mean(sums.clean), mean(sums.spliced), mean(sums.zero)]
  const [klSpliced, klZero] = [mean(sums.klSpliced), mean(sums.klZero)]
  return {
    tokens: sums.tokens,
    crossEntropyClean: clean,
    crossEntropySpliced: spliced,
    crossEntropyZero: zero,
    crossEntropyRecovered: ratio(zero - spliced, zero - clean),
    klSpliced,
    klZero,
    klRecovered: ratio(klZero - klSpliced, klZero),
  }
}

async function addBatch(options: CrossEntropyOptions, ids: Int32Array, sums: Sums): Promise<void> {
  const clean = cleanRun(options, ids)
  try {
    const { targets } = clean.predicted
    if (targets.length === 0) return
    const spliced = await editedRun(options, clean, clean.tensors.reconstruction)
    const zero = await editedRun(options, clean, clean.tensors.zeros)
    sums.tokens += targets.length
    const loss = tidyToHost(() => losses(clean.tensors.logs, targets).dataSync<'float32'>())
    options.onTokens?.({ ...clean.at, crossEntropy: loss })
    sums.clean += sumOf(loss)
    sums.spliced += spliced.loss
    sums.klSpliced += spliced.kl
    sums.zero += zero.loss
    sums.klZero += zero.kl
  } finally {
    tf.dispose(clean.tensors)
  }
}

interface CleanRun {
  batch: TokenBatch
  predicted: Predictions
  /** For each prediction: latents that are on, and ‖x‖. */
  at: { l0: number[]; norm: number[] }
  tensors: {
    /** `[predictions, d_vocab]` log-probabilities. */
    logs: tf.Tensor2D
    /** What replaces the hook's value, in its shape: spliced at counted positions, unchanged elsewhere. */
    reconstruction: tf.Tensor
    zeros: tf.Tensor
  }
}

function cleanRun(options: CrossEntropyOptions, ids: Int32Array): CleanRun {
  const { model, hook, writes = hook, dictionary, contextSize } = options
  const batch = { ids: ids.map((id) => Math.max(0, id)), batch: ids.length / contextSize, seq: contextSize }
  return tidyToHost(() => {
    const clean = model.run(batch, { capture: [...new Set([hook, writes])] })
    const x = tf.reshape<tf.Rank.R2>(clean.captured.get(hook)!, [ids.length, -1])
    const value = clean.captured.get(writes)!
    const original = tf.reshape<tf.Rank.R2>(value, [ids.length, -1])
    requireWidth(dictionary, original.shape[1], writes)
    const norms = tf.norm(x, 2, 1).dataSync<'float32'>()
    const counted = countedPositions(options, ids, norms)
    const predicted = predictions(ids, counted, contextSize)
    const mask = tf.tensor2d(Uint8Array.from(counted), [ids.length, 1], 'bool')
    const codes = dictionary.encode(x)
    const replaced = (by: tf.Tensor): tf.Tensor => tf.keep(tf.reshape(tf.where(mask, by, original), value.shape))
    const tensors = {
      logs: tf.keep(predictedLogs(clean.logits!, predicted.rows)),
      reconstruction: replaced(dictionary.decode(codes, x)),
      zeros: replaced(tf.zerosLike(original)),
    }
    const { rows } = predicted
    const l0 = rows.map((row) => activeIn(codes, row))
    return { batch, predicted, at: { l0, norm: rows.map((row) => norms[row]!) }, tensors }
  })
}

function requireWidth({ d_out }: Dictionary, width: number, writes: string): void {
  if (d_out === width) return
  throw new LoupeError('mismatch', `the dictionary writes ${d_out} values, ${writes} has ${width}`, {
    remedy: 'measure a transcoder on a harvest of its pairs: one with --target-hook',
  })
}

/** Sums of loss and of KL from the clean model, with another value at the hook. */
async function editedRun(
  { model, hook, writes = hook, stage }: CrossEntropyOptions,
  { batch, predicted, tensors }: CleanRun,
  replacement: tf.Tensor,
): Promise<{ loss: number; kl: number }> {
  // A run takes seconds on a slow machine: sockets and timers (a database handshake, a heartbeat) must run in between.
  await setTimeout(BREAK_MS)
  if (stage.signal.aborted) throw new LoupeError('cancelled', 'the evaluation was cancelled')
  return tidyToHost(() => {
    const edited = model.run(batch, { edits: new Map([[writes, () => tf.clone(replacement)]]) })
    const logs = predictedLogs(edited.logits!, predicted.rows)
    const kl = tf.sum(tf.mul(tf.exp(tensors.logs), tf.sub(tensors.logs, logs)), 1)
    return { loss: total(losses(logs, predicted.targets)), kl: total(kl) }
  })
}

/** 1 where a position is spliced and its prediction counted. */
function countedPositions(options: CrossEntropyOptions, ids: Int32Array, norms: Float32Array): Uint8Array {
  if (options.includeExcluded) return Uint8Array.from(ids, (id) => (id === PADDING ? 0 : 1))
  const counted = new Uint8Array(ids.length)
  for (const row of countedRows(ids, norms, options)) counted[row] = 1
  return counted
}

/** Rows whose next token is known and counted, with that token. */
interface Predictions {
  rows: number[]
  targets: number[]
}

function predictions(ids: Int32Array, counted: Uint8Array, contextSize: number): Predictions {
  const rows: number[] = []
  const targets: number[] = []
  for (let row = 0; row < ids.length; row++) {
    const last = row % contextSize === contextSize - 1
    if (last || !counted[row] || ids[row + 1] === PADDING) continue
    rows.push(row)
    targets.push(ids[row + 1]!)
  }
  return { rows, targets }
}

/** Log-probabilities `[rows, d_vocab]` of chosen positions of `[batch, seq, d_vocab]` logits. */
function predictedLogs(logits: tf.Tensor, rows: number[]): tf.Tensor2D {
  const vocabulary = logits.shape[2]!
  return tf.tidy(() => tf.logSoftmax(tf.gather(tf.reshape(logits, [-1, vocabulary]), tf.tensor1d(rows, 'int32'))))
}

/** `[rows]` −log p of each row's target. */
function losses(logs: tf.Tensor2D, targets: number[]): tf.Tensor1D {
  const vocabulary = logs.shape[1]
  const at = tf.tensor1d(
    Int32Array.from(targets, (target, row) => row * vocabulary + target),
    'int32',
  )
  return tf.neg(tf.gather(tf.reshape(logs, [-1]), at))
}

function total(values: tf.Tensor): number {
  return sumOf(values.dataSync<'float32'>())
}

/** In double precision. */
function sumOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}
