/** Every selection rule, listed once. A new one is its file, its test and a line in each list here. */
import { batchtopk, type BatchTopkSelection } from './batchtopk'
import { featureChoice, type FeatureChoiceSelection } from './featureChoice'
import { gradient, type GradientSelection } from './gradient'
import type { SelectionRule } from './selection'
import { topk, type TopkSelection } from './topk'

export type SelectionSpec = TopkSelection | BatchTopkSelection | FeatureChoiceSelection | GradientSelection

const RULES = { topk, batchtopk, 'feature-choice': featureChoice, gradient } satisfies {
  [Rule in SelectionSpec['rule']]: SelectionRule<Extract<SelectionSpec, { rule: Rule }>>
}

export function selectionRule(spec: SelectionSpec): SelectionRule<SelectionSpec> {
  return RULES[spec.rule]
}
