/** What engines do alike with the parts of a loss. */
import type { FiringOnHost } from '../../kernels/firing'
import { lossPart, type LossSpec } from '../../step'
import type { LossFigures } from '../../step/losses/loss'

export interface Part<Contribution> {
  name: LossSpec['part']
  /** Null where the part does not apply to this batch. */
  contribution: Contribution | null
}

/** What the loss parts carry to the next step, by `part.name`. */
export function carriedByLosses<T>(parts: readonly Part<{ state?: Record<string, T> }>[]): Record<string, T> {
  const all = parts.flatMap(({ name, contribution }) =>
    Object.entries(contribution?.state ?? {}).map(([key, tensor]) => [`${name}.${key}`, tensor] as const),
  )
  return Object.fromEntries(all)
}

/** What the loss parts report of a batch besides their values. */
export function lossFigures(losses: readonly LossSpec[], firing: () => FiringOnHost): LossFigures {
  return losses.reduce<LossFigures>((figures, loss) => ({ ...figures, ...lossPart(loss).figures?.(loss, firing) }), {})
}
