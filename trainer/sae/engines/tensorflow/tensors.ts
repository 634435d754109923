/** What the tensorflow engine keeps between steps, and how it is created, saved, loaded and disposed. */
import type { Handle, RawTensorFlow } from '../../../tensors/raw'
import type { EngineSpec, EngineState, Parameters } from '../../step/spec'
import type { NamedTensor } from '../../../tensors/arrays'
import {
  CORE_PARAMETERS,
  FIRING,
  furtherParameters,
  LOSS_PREFIX,
  lossState,
  SELECTION_PREFIX,
  selectionState,
  STATE_PREFIXES,
  withoutPrefix,
} from '../../step/state'
import { joinEncoder, splitEncoder } from '../../kernels/encoder'
import type { FiringVariables } from '../../kernels/firing'
import { AdamVariable, Variable } from '../../kernels/variables'

/** Values by what is trained: `encoder` (W_encᵀ with b_enc), `W_dec`, `b_dec`, and further tensors by name. */
export type Trained<T> = Record<'encoder' | 'W_dec' | 'b_dec', T> & Record<string, T>

export interface Run {
  spec: EngineSpec
  variables: Trained<AdamVariable>
  firing: FiringVariables
  /** What the selection rule carries. */
  selection: Record<string, Variable>
  /** What the loss parts carry, by `part.name`. */
  losses: Record<string, Variable>
  step: number
}

export function createRun(raw: RawTensorFlow, spec: EngineSpec, parameters: Parameters): Run {
  const variable = ({ shape, data }: NamedTensor) => new Variable(raw, shape, data)
  return {
    spec,
    variables: mapTrained(
      joined(parameters, Object.keys(furtherParameters(spec))),
      (tensor) => new AdamVariable(raw, tensor),
    ),
    firing: mapValues(FIRING, () => new Variable(raw, [spec.d_sae], new Float32Array(spec.d_sae))),
    selection: mapValues(selectionState(spec), variable),
    losses: mapValues(lossState(spec), variable),
    step: 0,
  }
}

export function disposeRun({ variables, firing, selection, losses }: Run): void {
  const single = [firing.tokensSinceFired, firing.density, ...Object.values(selection), ...Object.values(losses)]
  for (const each of [...Object.values(variables), ...single]) each.dispose()
}

export function stateOf({ variables, firing, selection, losses, step }: Run): EngineState {
  const named = (prefix: string, group: Record<string, Variable>) =>
    Object.fromEntries(Object.entries(group).map(([name, variable]) => [prefix + name, variable.toHost()]))
  return {
    step,
    tensors: {
      ...hostTensors(variables, 'value', STATE_PREFIXES.parameters),
      ...hostTensors(variables, 'm', STATE_PREFIXES.m),
      ...hostTensors(variables, 'v', STATE_PREFIXES.v),
      ...named('', { [FIRING.tokensSinceFired]: firing.tokensSinceFired, [FIRING.density]: firing.density }),
      ...named(SELECTION_PREFIX, selection),
      ...named(LOSS_PREFIX, losses),
    },
  }
}

/** @param state as `checkState` wants it */
export function loadState(run: Run, { step, tensors }: EngineState): void {
  const further = Object.keys(furtherParameters(run.spec))
  for (const [slot, prefix] of [
    ['value', STATE_PREFIXES.parameters],
    ['m', STATE_PREFIXES.m],
    ['v', STATE_PREFIXES.v],
  ] as const) {
    const values = joined(withoutPrefix(tensors, prefix), further)
    for (const [name, variable] of Object.entries(run.variables)) variable[slot].assign(values[name]!.data)
  }
  run.firing.tokensSinceFired.assign(tensors[FIRING.tokensSinceFired]!.data)
  run.firing.density.assign(tensors[FIRING.density]!.data)
  for (const [name, variable] of Object.entries(run.selection)) variable.assign(tensors[SELECTION_PREFIX + name]!.data)
  for (const [name, variable] of Object.entries(run.losses)) variable.assign(tensors[LOSS_PREFIX + name]!.data)
  run.step = step
}

/** From public names to those of the variables. */
function joined(parameters: Parameters, further: readonly string[]): Trained<NamedTensor> {
  const named = (name: string) => parameters[name]!
  return {
    encoder: joinEncoder(named('W_enc'), named('b_enc')),
    W_dec: named('W_dec'),
    b_dec: named('b_dec'),
    ...Object.fromEntries(further.map((name) => [name, named(name)])),
  }
}

type Slot = 'value' | 'm' | 'v'

/** A parameter, or one of its moments, of every variable, under public names and shapes. */
export function hostTensors({ encoder, ...others }: Trained<AdamVariable>, slot: Slot, prefix: string): Parameters {
  const all: Parameters = {
    ...splitEncoder(encoder[slot].toHost()),
    ...mapValues(others, (variable) => variable[slot].toHost()),
  }
  const names = [
    ...CORE_PARAMETERS,
    ...Object.keys(all).filter((name) => !CORE_PARAMETERS.some((core) => core === name)),
  ]
  return Object.fromEntries(names.map((name) => [prefix + name, all[name]!]))
}

/** Those that are a single number. */
export function readScalars(raw: RawTensorFlow, handles: Record<string, Handle>): Record<string, number> {
  const scalars = Object.entries(handles).filter(([, { shape }]) => shape.length === 0)
  return Object.fromEntries(scalars.map(([name, handle]) => [name, raw.read(handle)[0]!]))
}

export function mapTrained<From, To>(trained: Trained<From>, map: (value: From) => To): Trained<To> {
  return mapValues(trained, map) as Trained<To>
}

export function mapValues<Name extends string, From, To>(
  record: Record<Name, From>,
  map: (value: From) => To,
): Record<Name, To> {
  return Object.fromEntries(Object.entries<From>(record).map(([name, value]) => [name, map(value)])) as Record<Name, To>
}
