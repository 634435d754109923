/** Every selection rule and every loss part, listed once. A new one is its file and a line here. */
import { Registry } from '../../registry'
import { auxK } from './losses/auxK'
import { auxZipf } from './losses/auxZipf'
import { gatedAux } from './losses/gatedAux'
import { l0 } from './losses/l0'
import { l1 } from './losses/l1'
import type { LossPart } from './losses/loss'
import { matryoshka } from './losses/matryoshka'
import { mse } from './losses/mse'
import { batchtopk } from './selections/batchtopk'
import { featureChoice } from './selections/featureChoice'
import { gated } from './selections/gated'
import { gradient } from './selections/gradient'
import { jumprelu } from './selections/jumprelu'
import { relu } from './selections/relu'
import type { SelectionRule } from './selections/selection'
import { topk } from './selections/topk'

const SELECTIONS = [topk, batchtopk, featureChoice, gradient, relu, jumprelu, gated] as const

const LOSSES = [mse, matryoshka, auxK, auxZipf, l1, l0, gatedAux] as const

/** How the latents of a batch are selected, as data: the settings of one of the rules. */
export type SelectionSpec = SettingsOfRule<(typeof SELECTIONS)[number]>
/** One addend of the loss, as data. */
export type LossSpec = SettingsOfPart<(typeof LOSSES)[number]>

type SettingsOfRule<Rule> = Rule extends SelectionRule<infer Spec> ? Spec : never
type SettingsOfPart<Part> = Part extends LossPart<infer Spec> ? Spec : never

const selections = new Registry<SelectionRule<SelectionSpec>>('selection rule', SELECTIONS)
const losses = new Registry<LossPart<LossSpec>>('loss', LOSSES)

export function selectionRule(spec: SelectionSpec): SelectionRule<SelectionSpec> {
  return selections.named(spec.rule)
}

export function lossPart(spec: LossSpec): LossPart<LossSpec> {
  return losses.named(spec.part)
}
