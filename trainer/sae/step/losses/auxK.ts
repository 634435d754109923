/** Dead latents reconstruct the residual. */
import type { LossPart } from './loss'
import { revive, reviveRows } from './revive'

/** Dead latents reconstruct what the live ones leave unexplained (Gao et al. 2024, section A.2). */
export interface AuxKLoss {
  part: 'aux-k'
  k: number
  coefficient: number
}

export const auxK: LossPart<AuxKLoss> = {
  name: 'aux-k',
  reference: (step, spec) => revive(step, step.dead, step.deadCount, spec),
  tensorflow: (step, spec) => reviveRows(step, step.dead, spec),
}
