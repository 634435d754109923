/** Every activation, listed once. A new one is its file, its test and a line here. */
import { unknownName } from '../../../errors'
import type { Activation, ActivationRule } from './activation'
import { gated } from './gated'
import { jumprelu } from './jumprelu'
import { relu } from './relu'
import { topk } from './topk'
import { z } from 'zod'

export const ActivationConfig = z.discriminatedUnion('kind', [relu.schema, topk.schema, jumprelu.schema, gated.schema])
export type ActivationConfig = z.infer<typeof ActivationConfig>

const ACTIVATIONS: readonly Activation[] = [relu, topk, jumprelu, gated]

/** @throws LoupeError naming the nearest known activation */
export function activationNamed(name: string): Activation {
  const activation = ACTIVATIONS.find((activation) => activation.name === name)
  if (activation) return activation
  const known = ACTIVATIONS.map((activation) => activation.name)
  throw unknownName('activation', name, known)
}

/** The rule of a valid configuration. */
export function activationRule(config: ActivationConfig): ActivationRule {
  return activationNamed(config.kind).bind(config)
}
