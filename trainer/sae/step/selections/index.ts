/** Every selection rule, listed once. A new one is its file, its test and a line in each list here. */
import { batchtopk, type BatchTopkSelection } from './batchtopk'
import { featureChoice, type FeatureChoiceSelection } from './featureChoice'
import { gated, type GatedSelection } from './gated'
import { gradient, type GradientSelection } from './gradient'
import { jumprelu, type JumpReluSelection } from './jumprelu'
import { relu, type ReluSelection } from './relu'
import type { SelectionRule } from './selection'
import { topk, type TopkSelection } from './topk'

export type SelectionSpec =
  | TopkSelection
  | BatchTopkSelection
  | FeatureChoiceSelection
  | GradientSelection
  | ReluSelection
  | JumpReluSelection
  | GatedSelection

const RULES = { topk, batchtopk, 'feature-choice': featureChoice, gradient, relu, jumprelu, gated } satisfies {
  [Rule in SelectionSpec['rule']]: SelectionRule<Extract<SelectionSpec, { rule: Rule }>>
}

export function selectionRule(spec: SelectionSpec): SelectionRule<SelectionSpec> {
  return RULES[spec.rule]
}
