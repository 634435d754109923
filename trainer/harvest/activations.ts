/** Activations of whole contexts at one hook: the forward pass of a harvest. */
import { LoupeError } from '../errors'
import type { HookedModel } from '../model/types'
import { PADDING } from '../positions'

/**
 * Runs `tokens` `[contexts, contextSize]` up to `hook` and no further; returns `[contexts * contextSize, d_in]`.
 * Padding stands at the end of a context, where nothing before it can see it; it is run as token 0, and what comes
 * out at its rows means nothing.
 */
export function contextActivations(
  model: HookedModel,
  hook: string,
  tokens: Int32Array,
  contextSize: number,
): Float32Array {
  const ids = tokens.map((id) => (id === PADDING ? 0 : id))
  const batch = { ids, batch: tokens.length / contextSize, seq: contextSize }
  const value = model.run(batch, { capture: [hook], stopAt: hook, logits: 'none' }).captured.get(hook)!
  const data = value.dataSync() as Float32Array
  value.dispose()
  return data
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
