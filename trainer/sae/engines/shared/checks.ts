/** Checks that every engine makes before it computes. */
import { LoupeError } from '../../../errors'
import type { NamedTensor } from '../../../tensors/arrays'
import { selectionRule } from '../../step'
import type { EncodeOptions, EngineSpec, EngineState, Parameters, StepInput } from '../../step/spec'
import {
  FIRING,
  LOSS_PREFIX,
  lossState,
  parameterShapes,
  SELECTION_PREFIX,
  selectionState,
  STATE_PREFIXES,
  withoutPrefix,
} from '../../step/state'

/** @throws LoupeError for a specification that cannot work */
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
    const tensor = parameters[name]
    if (!tensor) throw new LoupeError('bad-input', `the parameter ${name} is missing`)
    if (tensor.shape.join() !== shape.join()) {
      throw new LoupeError('bad-input', `${name} has the shape [${tensor.shape.join(', ')}], not [${shape.join(', ')}]`)
    }
  }
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
  else if (gradient) throw new LoupeError('bad-input', 'selection at inference uses no gradients')
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
        ? `the selection rule "${spec.select.rule}" ranks by gradients, but the batch has none: the harvest has no gradients`
        : `the selection rule "${spec.select.rule}" uses no gradients`,
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
