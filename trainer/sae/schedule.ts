/** The learning rate over a run, and defaults that follow from the run's length. */

/** Every default below is ours, chosen by `bench/sweep.ts`; its tables are stored in `bench/sweeps`. */
export function defaultLearningRate(steps: number, d_sae: number): number {
  return 3e-3 * Math.sqrt(1562 / steps) * Math.sqrt(512 / d_sae)
}

export function defaultWarmupSteps(steps: number): number {
  return Math.min(1000, Math.round(0.05 * steps))
}

export function defaultDecaySteps(steps: number): number {
  return Math.round(0.2 * steps)
}

export function defaultDeadAfterTokens(tokens: number): number {
  return Math.max(1, Math.min(10_000_000, Math.round(0.05 * tokens)))
}

/** Rises linearly over the warm-up, stays, and falls linearly to zero at the end. */
export function learningRateAt(
  step: number,
  steps: number,
  { learningRate, warmupSteps, decaySteps }: { learningRate: number; warmupSteps: number; decaySteps: number },
): number {
  const rise = Math.min(1, (step + 1) / Math.max(1, warmupSteps))
  const fall = Math.min(1, (steps - step) / Math.max(1, decaySteps))
  return learningRate * Math.min(rise, fall)
}
