/** Variables by name, as the tensorflow engine keeps them between steps. */
import type { Handle, RawTensorFlow } from '../../tensors/raw'
import type { NamedTensor } from '../types'
import { splitEncoder } from './kernels/encoder'
import type { GradientName } from './kernels/gradients'
import type { AdamVariable } from './kernels/variables'

export type Slot = 'value' | 'm' | 'v'

/** A parameter, or one of its moments, of every variable, under public names and shapes. */
export function hostTensors(
  variables: Record<GradientName, AdamVariable>,
  slot: Slot,
  prefix: string,
): Record<string, NamedTensor> {
  const { W_enc, b_enc } = splitEncoder(variables.encoder[slot].toHost())
  return {
    [`${prefix}W_enc`]: W_enc,
    [`${prefix}b_enc`]: b_enc,
    [`${prefix}W_dec`]: variables.W_dec[slot].toHost(),
    [`${prefix}b_dec`]: variables.b_dec[slot].toHost(),
  }
}

/** Those that are a single number. */
export function readScalars(raw: RawTensorFlow, handles: Record<string, Handle>): Record<string, number> {
  const scalars = Object.entries(handles).filter(([, { shape }]) => shape.length === 0)
  return Object.fromEntries(scalars.map(([name, handle]) => [name, raw.read(handle)[0]!]))
}

export function mapValues<Name extends string, From, To>(
  record: Record<Name, From>,
  map: (value: From) => To,
): Record<Name, To> {
  return Object.fromEntries(Object.entries<From>(record).map(([name, value]) => [name, map(value)])) as Record<Name, To>
}
