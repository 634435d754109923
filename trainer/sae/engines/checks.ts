/** Checks that every engine makes before it computes. */
import { LoupeError } from '../../errors'
import { lossPart } from '../step/losses'
import { selectionRule } from '../step/selections'
import type { EncodeOptions, EngineSpec, EngineState, Parameters, StepInput } from '../step/spec'
import type { NamedTensor } from '../dictionary/types'

/** Names of the tensors that every dictionary trains. */
export const CORE_PARAMETERS = ['W_enc', 'b_enc', 'W_dec', 'b_dec'] as const

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

export function checkSpec(spec: EngineSpec): void {
  const problem = selectionRule(spec.select).problem(spec.select, spec.d_sae)
  if (problem !== undefined) throw new LoupeError('bad-input', problem)
  if (spec.skip && spec.subtractDecoderBias)
    throw new LoupeError('bad-input', 'a skip connection is for transcoders, whose encoder sees inputs as they are')
  if (spec.subtractDecoderBias && spec.d_in !== spec.d_out) {
    throw new LoupeError(
      'bad-input',
      `b_dec has ${spec.d_out} values and cannot be subtracted from ${spec.d_in} inputs`,
    )
  }
}

export function checkParameters(spec: EngineSpec, parameters: Parameters): void {
  for (const [name, shape] of Object.entries(parameterShapes(spec))) {
    const found = parameters[name]
    if (!found) throw new LoupeError('bad-input', `the parameter ${name} is missing`)
    if (found.shape.join() !== shape.join()) {
      throw new LoupeError('bad-input', `${name} has the shape [${found.shape.join(', ')}], not [${shape.join(', ')}]`)
    }
  }
}

/** The tensors of a state: parameters, their moments and the selection rule's own under prefixes, and the firing. */
export const STATE_PREFIXES = { parameters: '', m: 'adam.m.', v: 'adam.v.' } as const
export const SELECTION_PREFIX = 'select.'
export const LOSS_PREFIX = 'loss.'
/** `[d_sae]` each: a saturating count of tokens, and an average share of tokens. */
export const FIRING = { tokensSinceFired: 'tokens_since_fired', density: 'density' } as const

/** What the selection rule carries, with its first values. */
export function selectionState({ select, d_sae }: EngineSpec): Record<string, NamedTensor> {
  return selectionRule(select).state(select, d_sae)
}

/** The entries under other names than these. */
export function without<T>(record: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)))
}

/** What the loss parts carry, by `part.name`, with first values. */
export function lossState({ losses }: EngineSpec): Record<string, NamedTensor> {
  const all = losses.flatMap((loss) => {
    const own = Object.entries(lossPart(loss).state?.(loss) ?? {})
    return own.map(([name, tensor]) => [`${loss.part}.${name}`, tensor] as const)
  })
  return Object.fromEntries(all)
}

/** Those of one part, under their own names. */
export function ofPart<T>(part: string, all: Readonly<Record<string, T>>): Record<string, T> {
  const own = Object.entries(all).filter(([name]) => name.startsWith(`${part}.`))
  return Object.fromEntries(own.map(([name, value]) => [name.slice(part.length + 1), value]))
}

export function checkState(spec: EngineSpec, { tensors }: EngineState): void {
  for (const prefix of Object.values(STATE_PREFIXES)) checkParameters(spec, withoutPrefix(tensors, prefix))
  const shapesOf = (prefix: string, group: Record<string, NamedTensor>) =>
    Object.entries(group).map(([name, { shape }]) => [prefix + name, shape])
  const carried = [...shapesOf(SELECTION_PREFIX, selectionState(spec)), ...shapesOf(LOSS_PREFIX, lossState(spec))]
  const firing = Object.values(FIRING).map((name) => [name, [spec.d_sae]])
  for (const [name, shape] of [...carried, ...firing] as [string, number[]][]) {
    if (tensors[name]?.shape.join() === shape.join()) continue
    throw new LoupeError('bad-input', `${name} is missing or misshapen`)
  }
}

/** The tensors whose names begin with `prefix`, under the rest of their names. */
export function withoutPrefix(tensors: Parameters, prefix: string): Parameters {
  const own = Object.entries(tensors).filter(([name]) => name.startsWith(prefix))
  return Object.fromEntries(own.map(([name, tensor]) => [name.slice(prefix.length), tensor]))
}

/** @returns the number of rows of the batch */
export function checkInput(spec: EngineSpec, { x, target, gradient }: StepInput): number {
  const n = rowsOf('x', x, spec.d_in)
  checkGradient(spec, n, gradient)
  if (!target && spec.d_in !== spec.d_out) {
    throw new LoupeError(
      'bad-input',
      `${spec.d_out} outputs are reconstructed from ${spec.d_in} inputs without a target`,
    )
  }
  if (target && rowsOf('target', target, spec.d_out) !== n) {
    throw new LoupeError('bad-input', `the batch has ${n} inputs, but ${target.length / spec.d_out} targets`)
  }
  return n
}

/** @returns the number of rows to encode */
export function checkEncodable(spec: EngineSpec, x: Float32Array, { by, gradient }: EncodeOptions): number {
  const n = rowsOf('x', x, spec.d_in)
  if (by === 'training') checkGradient(spec, n, gradient)
  else if (gradient) throw new LoupeError('bad-input', 'selection at inference takes no gradients')
  return n
}

/** @returns what the skip connection sees, if there is one */
export function checkDecodable(
  { skip, d_in }: EngineSpec,
  n: number,
  x: Float32Array | undefined,
): Float32Array | undefined {
  if (!skip) return undefined
  if (x && x.length === n * d_in) return x
  throw new LoupeError('bad-input', `decoding through a skip connection needs the inputs of all ${n} codes`)
}

function checkGradient(spec: EngineSpec, n: number, gradient: Float32Array | undefined): void {
  const { needsGradient } = selectionRule(spec.select)
  if (needsGradient !== (gradient !== undefined)) {
    throw new LoupeError(
      'bad-input',
      needsGradient
        ? `the selection rule "${spec.select.rule}" ranks by gradients, but the batch brings none: the harvest has no gradients`
        : `the selection rule "${spec.select.rule}" takes no gradients`,
      needsGradient ? { remedy: 'choose another architecture, or a harvest with gradients' } : {},
    )
  }
  if (gradient && rowsOf('gradient', gradient, spec.d_out) !== n) {
    throw new LoupeError('bad-input', `the batch has ${n} inputs, but ${gradient.length / spec.d_out} gradients`)
  }
}

/** Whole rows of `width` in `values`. */
export function rowsOf(name: string, values: Float32Array, width: number): number {
  const rows = values.length / width
  if (rows > 0 && Number.isInteger(rows)) return rows
  throw new LoupeError('bad-input', `${name} has ${values.length} values: not a whole number of rows of ${width}`)
}

/** What a step throws instead of applying gradients that would ruin the parameters. */
export function diverged(gradientNorm: number): LoupeError {
  return new LoupeError('bad-input', `training diverged: the norm of the gradient is ${gradientNorm}`, {
    remedy: 'lower the learning rate, or look for NaN and infinite values in the harvest',
  })
}
