/** Every selection rule, listed once. A new one is its file, its test and a line in each list here. */
import { topk, type TopkSelection } from './topk'
import type { SelectionRule } from './selection'

export type SelectionSpec = TopkSelection

const RULES = { topk } satisfies {
  [Rule in SelectionSpec['rule']]: SelectionRule<Extract<SelectionSpec, { rule: Rule }>>
}

export function selectionRule(spec: SelectionSpec): SelectionRule<SelectionSpec> {
  return RULES[spec.rule]
}
