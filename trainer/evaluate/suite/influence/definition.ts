/** Influence of directions on predictions, described. */
import { z } from 'zod'
import { counted, text, type Column, type SuiteDefinition } from '../definition'

/** Strengths, in units of the mean norm of the activations at the hook. */
export const LAMBDAS = [0.1, 0.25, 0.5, 1, 2] as const

const maxLogit: Column = {
  label: 'largest logit change',
  formula: 'mean over directions × contexts of max over the vocabulary of Δlogit, Δlogit centred on its own mean',
  unit: 'logits',
  direction: 'none',
}
const kl: Column = {
  label: 'KL',
  formula: 'mean of KL(p ‖ p′) of the prediction at the last position',
  unit: 'nats',
  direction: 'none',
}
const rank: Column = {
  label: 'rank gain',
  formula: 'mean of rank before − rank after of the token that the direction promotes most by its direct path',
  unit: 'ranks',
  direction: 'none',
}
const quantile = ({ label, unit }: Column, share: string): Column => ({
  label: `${label}, ${share}`,
  formula: `${share} over directions × contexts`,
  unit,
  direction: 'none',
})
const lambda = counted('λ', 'x′ = x + λ · s · d_f at the last position: d_f of unit norm, s the mean ‖x‖ at the hook')

export const influence = {
  name: 'influence',
  label: 'Influence on the logits',
  summary: 'How much a latent’s direction changes what the model predicts in arbitrary contexts.',
  source: { text: 'after Olmo et al. 2025, our protocol', href: 'https://arxiv.org/abs/2411.10397' },
  caveat:
    'Latents are drawn from the live ones, contexts from held-out text; only the last position is changed. Random unit directions are the baseline. Intervals come from draws of directions and contexts with replacement.',
  measuredOn: 'held-out contexts of the harvest',
  needsOwnHook: 'its directions belong to another hook than the one that is changed',
  settings: z.strictObject({
    features: z.int().min(2).default(100).describe('live latents drawn, and as many random directions'),
    contexts: z.int().min(2).default(16).describe('held-out contexts drawn'),
    prefix: z.int().min(2).default(64).describe('tokens of a context; the last one is changed'),
    liveTokens: z.int().min(1).default(32768).describe('held-out tokens on which a latent must fire to count as live'),
    seed: z.int().default(0).describe('which texts, words, contexts and directions are drawn'),
  }),
  tables: {
    ratios: {
      title: 'Against controls',
      columns: {
        against: text('Against'),
        lambda,
        maxLogit: { ...maxLogit, unit: 'ratio', formula: 'ratio of the means of the largest logit change' },
        kl: { ...kl, unit: 'ratio', formula: 'ratio of the mean KLs' },
        rank: { ...rank, formula: 'difference of the mean rank gains' },
      },
    },
    groups: {
      title: 'Means and quantiles',
      isDetail: true,
      columns: {
        directions: text('Directions'),
        lambda,
        count: counted('directions', 'directions drawn'),
        maxLogit,
        maxLogit50: quantile(maxLogit, 'median'),
        maxLogit90: quantile(maxLogit, '90 %'),
        kl,
        kl50: quantile(kl, 'median'),
        kl90: quantile(kl, '90 %'),
        rank,
        rank50: quantile(rank, 'median'),
        rank90: quantile(rank, '90 %'),
      },
    },
  },
} satisfies SuiteDefinition

export type InfluenceSettings = z.output<typeof influence.settings>
