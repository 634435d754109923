/** How strong a sparsity loss is along a run. */

/**
 * Our controller, which no paper has: it adapts a coefficient until the mean L0 reaches a target, so that dictionaries can
 * be compared at equal L0.
 */
export interface TargetL0 {
  l0: number
  /** How much the logarithm of the coefficient moves in a step in which L0 is off by a factor of e or more. */
  gain: number
}

/** Share of the full strength at a step: rises linearly to 1. */
export function warmedUp(step: number, warmupSteps: number): number {
  return Math.min(1, (step + 1) / Math.max(1, warmupSteps))
}

/**
 * The coefficient after a batch with this L0: λ · exp(gain · log(L0 / target)), with the logarithm limited to ±1. It does
 * not change during warm-up.
 */
export function nextCoefficient(
  coefficient: number,
  l0: number,
  step: number,
  { target, warmupSteps }: { target: TargetL0 | null; warmupSteps: number },
): number {
  if (target === null || step < warmupSteps) return coefficient
  const excess = Math.log(Math.max(l0, 1e-6) / target.l0)
  return coefficient * Math.exp(target.gain * Math.min(1, Math.max(-1, excess)))
}
