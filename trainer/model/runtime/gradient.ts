/**
 * dLoss/dx at a hook: one backward pass that stops there. The forward pass keeps only the residual stream between the
 * blocks. The backward pass runs each block once more from there and lets tfjs differentiate it, so that it needs the
 * memory of one block. A family brings its part as `Blocks.differentiable()`.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import { LoupeError } from '../../errors'
import { blockOf, FINAL_HOOK, followingBlock, isPattern } from '../hooks'
import { tapRows, type Blocks, type Pass } from './blocks'
import { HookPlan, type HookedSteps } from './hookPlan'
import type { GradientOptions, GradientResult, HookEdit, ModelConfig, TokenBatch } from '../types'

interface DifferentiableModel {
  config: ModelConfig
  blocks: Blocks
  hookNames: readonly string[]
}

/** Rows whose logits are in memory at once. */
const CHUNK = 256

export function lossGradient(model: DifferentiableModel, tokens: TokenBatch, options: GradientOptions): GradientResult {
  const { hook, targets, capture = [] } = options
  const { ids, batch, seq } = tokens
  if (isPattern(hook) || targets.length !== ids.length) {
    throw new LoupeError('bad-input', `no gradients at ${hook} of ${targets.length} targets for ${ids.length} tokens`, {
      remedy: 'choose a hook with one vector a position, and a target for every token, −1 for none',
    })
  }
  requireGradients()
  const plan = new HookPlan(model.hookNames, { capture: [...new Set([hook, ...capture])] })
  const { gradient, loss } = tf.tidy(() => {
    const forward = runForward(model, tokens, { batch, seq, offset: 0, plan }, firstBlock(hook, model.config.n_layers))
    const result = runBackward(model, forward, { hook, targets, tokens, value: plan.captured.get(hook)! })
    return { ...result, captured: [...plan.captured.values()] }
  })
  const total = loss.dataSync<'float32'>().reduce((sum, part) => sum + part, 0)
  loss.dispose()
  return { gradient, loss: total, captured: plan.captured }
}

/** Only the TensorFlow backend registers the gradients of tfjs's ops. */
function requireGradients(): void {
  if (tf.getGradient('BatchMatMul')) return
  throw new LoupeError('unsupported', `gradients cannot be computed on the backend "${tf.getBackend()}"`, {
    remedy: 'harvest gradients with TensorFlow: npx loupe doctor says what is missing',
  })
}

/** The first block that the gradient passes through, in whole or in part. */
function firstBlock(hook: string, n_layers: number): number {
  if (hook === FINAL_HOOK) return n_layers
  return followingBlock(hook) ?? blockOf(hook) ?? 0
}

interface Forward {
  /** `[batch · seq, d_model]` before block `first`, `first + 1`, … and after the last. */
  residuals: Tensor[]
  first: number
}

function runForward({ config, blocks }: DifferentiableModel, tokens: TokenBatch, pass: Pass, first: number): Forward {
  const { plan } = pass
  let residual = plan.drive(blocks.embed(tf.tensor1d(tokens.ids, 'int32'), pass))!
  const block = blocks.begin(pass)
  const residuals: Tensor[] = []
  for (let layer = 0; layer < config.n_layers; layer++) {
    const before = residual
    residual = plan.drive(block(layer, before))!
    if (layer >= first) residuals.push(before)
    else before.dispose()
  }
  if (plan.wants(FINAL_HOOK)) plan.drive(tapRows(pass, FINAL_HOOK, blocks.finalNorm.normalise(residual)))
  return { residuals: [...residuals, residual], first }
}

function runBackward(
  { config, blocks, hookNames }: DifferentiableModel,
  { residuals, first }: Forward,
  at: { hook: string; targets: Int32Array; tokens: TokenBatch; value: Tensor },
): { gradient: Tensor; loss: Tensor } {
  const { hook, targets, tokens, value } = at
  const { ids, batch, seq } = tokens
  const twin = blocks.differentiable()
  if (hook === FINAL_HOOK) {
    const rows = tf.reshape(value, [batch * seq, -1])
    const { gradient, loss } = headGradient((x) => twin.unembed(x), rows, targets)
    return { gradient: tf.reshape(gradient, value.shape), loss }
  }
  const through = (steps: (pass: Pass) => HookedSteps<Tensor>, edits = new Map<string, HookEdit>()) => {
    const pass = { batch, seq, offset: 0, plan: new HookPlan(hookNames, { edits }) }
    return pass.plan.drive(steps(pass))!
  }
  const throughBlock = (layer: number, before: Tensor) => (pass: Pass) => twin.begin(pass)(layer, before)
  /** The gradient at the hook itself, inside the steps that compute it. */
  const inside = (steps: (pass: Pass) => HookedSteps<Tensor>, after: Tensor) =>
    tf.grad((x) => through(steps, new Map([[hook, () => tf.clone(x)]])))(value, after)
  const head = headGradient((x) => twin.unembed(twin.finalNorm.normalise(x)), residuals.pop()!, targets)
  let { gradient } = head
  for (let layer = config.n_layers - 1; layer >= first; layer--) {
    const [before, after] = [residuals.pop()!, gradient]
    const endsHere = layer === blockOf(hook) && followingBlock(hook) === undefined
    gradient = endsHere
      ? inside(throughBlock(layer, before), after)
      : tf.grad((x) => through(throughBlock(layer, x)))(before, after)
    tf.dispose([before, after])
  }
  if (blockOf(hook) === undefined) gradient = inside((pass) => twin.embed(tf.tensor1d(ids, 'int32'), pass), gradient)
  return { gradient: tf.reshape(gradient, value.shape), loss: head.loss }
}

/** The gradient of the summed cross-entropy at the rows that logits are made of: `[n, d_model]`. */
function headGradient(
  logitsOf: (rows: Tensor) => Tensor,
  rows: Tensor,
  targets: Int32Array,
): { gradient: Tensor; loss: Tensor } {
  const [count, width] = rows.shape as [number, number]
  const gradients: Tensor[] = []
  const losses: Tensor[] = []
  for (let from = 0; from < count; from += CHUNK) {
    const size = Math.min(CHUNK, count - from)
    const chunk = tf.slice(rows, [from, 0], [size, width])
    const loss = summedLoss(targets.subarray(from, from + size))
    const { value, grad } = tf.valueAndGrad((x) => loss(logitsOf(x)))(chunk)
    gradients.push(grad)
    losses.push(tf.reshape(value, [1]))
  }
  return { gradient: tf.concat(gradients), loss: tf.concat(losses) }
}

/** Σ −log p of each row's target, as a function of logits `[n, d_vocab]`; its gradient is p − 1 at the target. */
function summedLoss(targets: Int32Array): (logits: Tensor) => Tensor {
  return tf.customGrad((...parts) => {
    const [logits, save] = parts as [Tensor2D, tf.GradSaveFunc]
    const vocabulary = logits.shape[1]
    const hasTarget = tf.tensor2d(
      Float32Array.from(targets, (target) => (target < 0 ? 0 : 1)),
      [targets.length, 1],
    )
    const probabilities = tf.mul<Tensor2D>(tf.softmax(logits), hasTarget)
    const places = targets.map((target, row) => row * vocabulary + Math.max(0, target))
    const chosen = tf.gather(tf.reshape(probabilities, [-1]), tf.tensor1d(places, 'int32'))
    const logs = tf.mul(tf.log(tf.maximum(chosen, 1e-30)), tf.reshape(hasTarget, [-1]))
    save([tf.sub(probabilities, tf.oneHot(tf.tensor1d(targets, 'int32'), vocabulary))])
    return { value: tf.neg<tf.Scalar>(tf.sum(logs)), gradFunc: (dy, [difference]) => tf.mul(difference!, dy) }
  })
}
