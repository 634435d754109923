/**
 * How token effects were computed. `final-norm+unembedding`: the direction times the final norm's gain, times the
 * unembedding. `unembedding`: the direction is already behind the final norm. `none`: the hook does not write to the
 * residual stream with its own width, so there is no direct path to the logits.
 */
export const LOGIT_METHODS = ['none', 'final-norm+unembedding', 'unembedding'] as const
export type LogitMethod = (typeof LOGIT_METHODS)[number]

/** One place where a feature fires, with the feature's activations around it. Token text stays in `context_shard`. */
export interface FeatureExample {
  /** Index of the context in the harvest. */
  context: number
  /** Position in the context that this example stands for: the peak of a top example, the drawn token of the others. */
  position: number
  /** The feature's activation there. */
  activation: number
  /** Positions of the context where the feature fires, ascending, at most `EXAMPLE_WINDOW` away from `position`. */
  positions: readonly number[]
  /** The activations at `positions`. */
  values: readonly number[]
}

export interface QuantileInterval {
  /** Shares of the feature's own positive activations, e.g. 0.5 and 0.9. */
  from: number
  to: number
  /** The activations at these shares. */
  lower: number
  upper: number
  /** Seeded draws from the interval, distinct contexts, strongest first. */
  examples: FeatureExample[]
}

export interface TopToken {
  token: number
  /** Mean activation over every occurrence of the token in the sample, silent ones included. */
  mean: number
  /** Occurrences where the feature fires. */
  fires: number
  /** Occurrences in the sample. */
  occurrences: number
}

export interface TokenEffect {
  token: number
  logit: number
}

export interface Neighbour {
  feature: number
  cosine: number
}

export interface LogitEffects {
  method: LogitMethod
  /** Most promoted first. */
  top: TokenEffect[]
  /** Most suppressed first. */
  bottom: TokenEffect[]
}

/** Everything a feature page shows that is not a label. */
export interface FeatureStatistics {
  /** Tokens of the sample that count: no padding, no first positions, no attention sinks. */
  tokens: number
  contextSize: number
  fireCount: number
  /** 0 for a feature that never fires. */
  maxActivation: number
  /** Mean over firings; 0 for a feature that never fires. */
  meanActivation: number
  /** Firings by activation, in equal bins over (0, maxActivation]; they sum to `fireCount`. */
  histogram: number[]
  /** Strongest first, one example a context. */
  top: FeatureExample[]
  /** Lowest interval first. */
  intervals: QuantileInterval[]
  /** Seeded draws over all firings, distinct contexts. */
  random: FeatureExample[]
  topTokens: TopToken[]
  logits: LogitEffects
  /** Other features by the cosine of their decoder directions, nearest first. */
  neighbours: Neighbour[]
}

/** Activations farther than this from an example's own position are not stored with it. */
export const EXAMPLE_WINDOW = 128
