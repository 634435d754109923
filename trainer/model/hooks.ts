/** Hook names as in TransformerLens, and the facts that follow from a name. */
import { LoupeError } from '../errors'

/** Every hook of a model in order of computation, with the shape of one position. */
export type HookShapes = ReadonlyMap<string, readonly number[]>

/** What the unembedding reads, gain and bias of the norm included. Every family has it, as its last hook. */
export const FINAL_HOOK = 'ln_final.hook_normalized'

/**
 * The hooks of a decoder: those of the embedding, those of every block under `blocks.{layer}.`, and the final one.
 * A block starts with `hook_resid_pre` and ends with `hook_resid_post`.
 */
export function decoderHooks(
  { n_layers, d_model }: { n_layers: number; d_model: number },
  embedding: readonly string[],
  block: Readonly<Record<string, readonly number[]>>,
): HookShapes {
  const stream = [d_model]
  const whole = { hook_resid_pre: stream, ...block, hook_resid_post: stream }
  const blocks = Array.from({ length: n_layers }, (_, layer) =>
    Object.entries(whole).map(([name, shape]) => [`blocks.${layer}.${name}`, shape] as const),
  )
  return new Map([...embedding.map((name) => [name, stream] as const), ...blocks.flat(), [FINAL_HOOK, stream] as const])
}

/** Whether a hook holds attention patterns: one value for every pair of positions, not one vector a position. */
export function isPattern(hook: string): boolean {
  return hook.endsWith('hook_pattern')
}

/**
 * The block that follows the residual stream at this hook: `blocks.3.hook_resid_post` is followed by block 4.
 * Undefined for other hooks.
 */
export function followingBlock(hook: string): number | undefined {
  const [, layer, place] = /^blocks\.(\d+)\.hook_resid_(pre|post)$/.exec(hook) ?? []
  return layer === undefined ? undefined : Number(layer) + (place === 'post' ? 1 : 0)
}

/** The block that computes this hook; undefined for the hooks of the embedding and the final one. */
export function blockOf(hook: string): number | undefined {
  const [, layer] = /^blocks\.(\d+)\./.exec(hook) ?? []
  return layer === undefined ? undefined : Number(layer)
}

/**
 * @param hookNames in the order in which they are computed
 * @throws LoupeError where the target is not computed after the hook that is read: writing there would change what is read
 */
export function requireLater(hookNames: readonly string[], hook: string, targetHook: string): void {
  if (hookNames.indexOf(targetHook) > hookNames.indexOf(hook)) return
  throw new LoupeError('bad-input', `the target hook ${targetHook} is not computed after ${hook}`, {
    remedy:
      'name the input of an MLP as the hook and its output as the target: --hook blocks.9.ln2.hook_normalized --target-hook blocks.9.hook_mlp_out',
  })
}
