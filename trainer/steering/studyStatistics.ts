/** Rates of promoted tokens, their ratios, and bootstrap intervals, for the steering study. */
import { bootstrapInterval, resample, type Interval } from '../tensors/bootstrap'
import { createRandom } from '../tensors/random'

/** Promoted tokens in one generated text. */
export interface PromotedCount {
  promoted: number
  tokens: number
}

/** Counts of one feature by treatment. All features share the unsteered texts, but not their counts. */
export interface FeatureCounts {
  steered: PromotedCount[]
  random: PromotedCount[]
  unsteered: PromotedCount[]
}

/** Share of promoted tokens over all texts, one promoted and one other token added: (c + 1) / (n + 2). */
export function smoothedRate(counts: readonly PromotedCount[]): number {
  let [promoted, tokens] = [0, 0]
  for (const count of counts) {
    promoted += count.promoted
    tokens += count.tokens
  }
  return (promoted + 1) / (tokens + 2)
}

/** Mean steered rate of the features over the mean rate of `against`. */
export function rateRatio(features: readonly FeatureCounts[], against: 'random' | 'unsteered'): number {
  const sum = (treatment: keyof FeatureCounts): number =>
    features.reduce((total, feature) => total + smoothedRate(feature[treatment]), 0)
  return sum('steered') / sum(against)
}

/**
 * The ratio with its bootstrap interval: features are drawn with replacement, and within each of them its texts, so
 * that both the choice of features and the sampling of texts count.
 */
export function ratioInterval(
  features: readonly FeatureCounts[],
  against: 'random' | 'unsteered',
  { seed, draws = 2000 }: { seed: number; draws?: number },
): Interval {
  const random = createRandom(`bootstrap ${against} ${seed}`)
  return bootstrapInterval(rateRatio(features, against), draws, () => {
    const resampled = resample(random, features).map(({ steered, random: other, unsteered }) => ({
      steered: resample(random, steered),
      random: resample(random, other),
      unsteered: resample(random, unsteered),
    }))
    return rateRatio(resampled, against)
  })
}

/** Of an even number of values the lower middle one; NaN for an empty list. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? NaN
}
