/** What a model computes at a hook over whole contexts: the forward pass of a harvest, with the backward pass on request. */
import type { HookedModel } from '../model/types'
import { PADDING } from '../positions'
import type { HarvestSites } from './sites'

/** `[contexts * contextSize, width]` each; rows of padding have no meaning. */
export interface ContextActivations {
  activations: Float32Array
  target?: Float32Array
  gradient?: Float32Array
}

/**
 * Runs `tokens` `[contexts, contextSize]` through the model up to the last hook that is needed. Padding stands at the
 * end of a context, where no earlier position sees it; it is run as token 0. Gradients are of the cross-entropy summed
 * over every next token of a context, padding excluded, so they are zero at the last position.
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
  const result: ContextActivations = { activations: values.get(hook)! }
  if (targetHook !== undefined) result.target = values.get(targetHook)!
  if (gradient) result.gradient = gradient.dataSync<'float32'>()
  for (const tensor of [...captured.values(), gradient]) tensor?.dispose()
  return result
}

function lastOf({ hookNames }: HookedModel, hooks: readonly string[]): string {
  return hooks.reduce((last, hook) => (hookNames.indexOf(hook) > hookNames.indexOf(last) ? hook : last))
}

/** The token after each position; −1 at the end of a context and before padding. */
function nextTokens(tokens: Int32Array, contextSize: number): Int32Array {
  return tokens.map((_, at) => (at % contextSize === contextSize - 1 ? PADDING : tokens[at + 1]!))
}
