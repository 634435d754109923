/** What a model computes at a hook over whole contexts: the forward pass of a harvest, and the backward one if asked. */
import { LoupeError } from '../errors'
import { requireLater } from '../model/runtime/transformer'
import type { HookedModel } from '../model/types'
import { PADDING } from '../positions'

/** Where a harvest looks, and what it stores beside the activations. */
export interface HarvestSites {
  hook: string
  /** What a transcoder reconstructs. */
  targetHook?: string | undefined
  /** Also dLoss/dx at the hook. */
  gradients?: boolean
}

/** `[contexts * contextSize, width]` each; rows of padding mean nothing. */
export interface ContextActivations {
  activations: Float32Array
  target?: Float32Array
  gradient?: Float32Array
}

/**
 * Runs `tokens` `[contexts, contextSize]` as far as is needed and no further. Padding stands at the end of a context,
 * where nothing before it can see it; it is run as token 0. Gradients are those of the cross-entropy summed over every
 * next token of a context that is not padding, so they are zero at its last position.
 */
export function harvestContexts(
  model: HookedModel,
  { hook, targetHook, gradients = false }: HarvestSites,
  tokens: Int32Array,
  contextSize: number,
): ContextActivations {
  const ids = tokens.map((id) => (id === PADDING ? 0 : id))
  const batch = { ids, batch: tokens.length / contextSize, seq: contextSize }
  const capture = targetHook === undefined || targetHook === hook ? [hook] : [hook, targetHook]
  const { captured, gradient } = gradients
    ? model.lossGradient(batch, { hook, capture, targets: nextTokens(tokens, contextSize) })
    : { ...model.run(batch, { capture, stopAt: lastOf(model, capture), logits: 'none' }), gradient: undefined }
  const values = new Map([...captured].map(([name, value]) => [name, value.dataSync<'float32'>()]))
  const found: ContextActivations = { activations: values.get(hook)! }
  if (targetHook !== undefined) found.target = values.get(targetHook)!
  if (gradient) found.gradient = gradient.dataSync<'float32'>()
  for (const tensor of [...captured.values(), gradient]) tensor?.dispose()
  return found
}

/** The activations alone: `[contexts * contextSize, width]`. */
export function contextActivations(
  model: HookedModel,
  hook: string,
  tokens: Int32Array,
  contextSize: number,
): Float32Array {
  return harvestContexts(model, { hook }, tokens, contextSize).activations
}

function lastOf({ hookNames }: HookedModel, hooks: readonly string[]): string {
  return hooks.reduce((last, hook) => (hookNames.indexOf(hook) > hookNames.indexOf(last) ? hook : last))
}

/** The token after each position; −1 at the end of a context and before padding. */
function nextTokens(tokens: Int32Array, contextSize: number): Int32Array {
  return tokens.map((_, at) => (at % contextSize === contextSize - 1 ? PADDING : tokens[at + 1]!))
}

/**
 * Width of one position at a hook: `d`, or heads concatenated, `heads * d_head`.
 * @throws LoupeError for hooks whose values belong to pairs of positions
 */
export function hookWidth(model: HookedModel, hook: string): number {
  const shape = model.hookShape(hook)
  if (hook.endsWith('hook_pattern')) {
    throw new LoupeError('unsupported', `${hook} holds attention patterns, one value for every pair of positions`, {
      remedy: 'harvest a hook with one vector a position, e.g. blocks.9.hook_resid_post or blocks.9.attn.hook_z',
    })
  }
  return shape.reduce((product, size) => product * size, 1)
}

/**
 * Width of one position at the hook that a transcoder writes.
 * @throws LoupeError as `requireLater`
 */
export function targetWidth(model: HookedModel, hook: string, targetHook: string): number {
  const width = hookWidth(model, targetHook)
  requireLater(model.hookNames, hook, targetHook)
  return width
}
