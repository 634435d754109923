/** The learning rate over a run, and defaults that follow from the run's length. */

/** Runs of this many steps or more use the rate of dictionary_learning unchanged. */
const LONG_RUN_STEPS = 30_000
const HIGHEST_LEARNING_RATE = 8e-3

/** Number of steps; the last one may be shorter than the others. */
export function runSteps({ tokens, batchSize }: { tokens: number; batchSize: number }): number {
  return Math.ceil(tokens / batchSize)
}

/**
 * 2e-4 / √(d_sae / 2¹⁴), the rate of dictionary_learning, is right for long runs and much too small for short ones;
 * here it grows with 1/√steps in shorter runs. Our rule, chosen by the tables in `bench/sweeps`.
 */
export function defaultLearningRate(steps: number, d_sae: number): number {
  const ofLongRun = 2e-4 / Math.sqrt(d_sae / 2 ** 14)
  const rate = ofLongRun * Math.max(1, Math.sqrt(LONG_RUN_STEPS / steps))
  return Math.min(HIGHEST_LEARNING_RATE, Number(rate.toPrecision(2)))
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

export function defaultAverageFrom(steps: number): number {
  return Math.round(0.2 * steps)
}

/** Decay of an average over a number of steps: at the end a hundredth of its start is left. */
export function defaultAverageDecay(steps: number): number {
  return Math.min(0.999, Number((0.01 ** (1 / Math.max(1, steps))).toPrecision(4)))
}

/** A point in a run, or the length of a part of it, in steps. @param place below 1 a share of the run, otherwise steps */
export function stepsOf(place: number, steps: number): number {
  return Math.round(place < 1 ? place * steps : place)
}

/**
 * Steps whose checkpoints are kept, without the last step of the run, whose checkpoint is always kept.
 * @param every as in `stepsOf`; null for no regular ones
 * @param at the same, each once
 */
export function keptSteps(steps: number, every: number | null, at: readonly number[]): Set<number> {
  const stepOf = (place: number) => Math.max(1, stepsOf(place, steps))
  const regular =
    every === null ? [] : Array.from({ length: Math.floor(steps / stepOf(every)) }, (_, i) => (i + 1) * stepOf(every))
  return new Set([...regular, ...at.map(stepOf)].filter((step) => step < steps))
}

/** Whether dead latents are resampled after so many steps. @param at as in `stepsOf` */
export function isResampling(step: number, steps: number, at: readonly number[]): boolean {
  return at.some((place) => stepsOf(place, steps) === step)
}

/**
 * Rises linearly over the warm-up, stays, and falls linearly to zero at the end. After each resampling it rises again, from
 * a tenth, over as many steps.
 */
export function learningRateAt(
  step: number,
  steps: number,
  {
    learningRate,
    warmupSteps,
    decaySteps,
    resampleAt,
  }: {
    learningRate: number
    warmupSteps: number
    decaySteps: number
    resampleAt?: readonly number[]
  },
): number {
  const rise = Math.min(1, (step + 1) / Math.max(1, warmupSteps))
  const fall = Math.min(1, (steps - step) / Math.max(1, decaySteps))
  const since = (resampleAt ?? []).map((place) => step - stepsOf(place, steps)).filter((past) => past >= 0)
  const again = since.length > 0 ? Math.min(1, Math.max(0.1, (Math.min(...since) + 1) / Math.max(1, warmupSteps))) : 1
  return learningRate * Math.min(rise, fall, again)
}
