/** The tensors that a specification implies: what is trained, what is carried from step to step, and their names in a state. */
import type { NamedTensor } from '../../tensors/arrays'
import { lossPart, selectionRule } from '.'
import type { EngineSpec, Parameters } from './spec'

/** Names of the tensors that every dictionary trains. */
export const CORE_PARAMETERS = ['W_enc', 'b_enc', 'W_dec', 'b_dec'] as const

/** Prefixes of the parameters and their moments in `EngineState.tensors`. */
export const STATE_PREFIXES = { parameters: '', m: 'adam.m.', v: 'adam.v.' } as const
/** Of what the selection rule carries. */
export const SELECTION_PREFIX = 'select.'
/** Of what the loss parts carry. */
export const LOSS_PREFIX = 'loss.'
/** `[d_sae]` each: a saturating count of tokens, and an average share of tokens. */
export const FIRING = { tokensSinceFired: 'tokens_since_fired', density: 'density' } as const

/** Shapes of the parameters under their public names. */
export function parameterShapes(spec: EngineSpec): Record<string, number[]> {
  const { d_in, d_out, d_sae } = spec
  const further = Object.entries(furtherParameters(spec)).map(([name, { shape }]) => [name, shape] as const)
  return { W_enc: [d_in, d_sae], b_enc: [d_sae], W_dec: [d_sae, d_out], b_dec: [d_out], ...Object.fromEntries(further) }
}

/** First values of what is trained beyond weights and biases: W_skip, and the tensors that the selection rule declares. */
export function furtherParameters({ d_in, d_out, d_sae, skip, select }: EngineSpec): Parameters {
  return {
    ...(skip && { W_skip: { shape: [d_out, d_in], data: new Float32Array(d_out * d_in) } }),
    ...selectionRule(select).parameters?.(select, d_sae),
  }
}

/** What the selection rule carries, with its first values. */
export function selectionState({ select, d_sae }: EngineSpec): Record<string, NamedTensor> {
  return selectionRule(select).state(select, d_sae)
}

/** What the loss parts carry, by `part.name`, with first values. */
export function lossState({ losses }: EngineSpec): Record<string, NamedTensor> {
  const all = losses.flatMap((loss) => {
    const tensors = Object.entries(lossPart(loss).state?.(loss) ?? {})
    return tensors.map(([name, tensor]) => [`${loss.part}.${name}`, tensor] as const)
  })
  return Object.fromEntries(all)
}

/** The entries whose names begin with `prefix`, under the rest of their names. */
export function withoutPrefix<T>(entries: Readonly<Record<string, T>>, prefix: string): Record<string, T> {
  const matching = Object.entries(entries).filter(([name]) => name.startsWith(prefix))
  return Object.fromEntries(matching.map(([name, value]) => [name.slice(prefix.length), value]))
}

/** The entries with other names than these. */
export function without<T>(entries: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).filter(([name]) => !names.includes(name)))
}
