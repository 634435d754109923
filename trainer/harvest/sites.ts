/** Where a harvest reads the model, and how wide its rows are there. */
import { LoupeError, unknownName } from '../errors'
import { isPattern, requireLater, type HookShapes } from '../model/hooks'
import { sizeOf } from '../tensors/arrays'

export interface HarvestSites {
  hook: string
  /** What a transcoder reconstructs. */
  targetHook?: string | undefined
  /** Whether dLoss/dx at the hook is stored too. */
  gradients?: boolean
}

/**
 * Width of one position at the hook and at the target hook: `d`, or all heads together, `heads * d_head`.
 * @param shapes of one position at every hook, in order of computation
 * @throws LoupeError for an unknown hook, for attention patterns, and for a target that is not computed after the hook
 */
export function siteWidths(
  shapes: HookShapes,
  { hook, targetHook }: HarvestSites,
): { d_in: number; d_out: number | undefined } {
  const d_in = hookWidth(shapes, hook)
  if (targetHook === undefined) return { d_in, d_out: undefined }
  const d_out = hookWidth(shapes, targetHook)
  requireLater([...shapes.keys()], hook, targetHook)
  return { d_in, d_out }
}

function hookWidth(shapes: HookShapes, hook: string): number {
  const shape = shapes.get(hook)
  if (!shape) throw unknownName('hook', hook, [...shapes.keys()])
  if (isPattern(hook)) {
    throw new LoupeError('unsupported', `${hook} holds attention patterns: one value for every pair of positions`, {
      remedy: 'harvest a hook with one vector per position, e.g. blocks.9.hook_resid_post or blocks.9.attn.hook_z',
    })
  }
  return sizeOf(shape)
}
