/** The formulas of the figures, each in one place. */
import type { ReactNode } from 'react'
import { Definition } from './Definition'

const FORMULAS = {
  explainedVariance: [
    'Explained variance',
    'EV = 1 − E‖x − x̂‖² / E‖x − E x‖², about the mean, on held-out tokens; without first positions, padding and attention sinks.',
  ],
  l0: ['L0', 'Mean number of active features per token, on held-out tokens.'],
  crossEntropyRecovered: [
    'CE recovered',
    '(CE with zero − CE with x̂) / (CE with zero − CE of the model): the share of the model’s cross-entropy that survives when the reconstruction takes the place of the activation; zero ablation is the baseline.',
  ],
  deadShare: ['Dead', 'Share of features that fire on none of the counted tokens.'],
  density: ['Density', 'Share of the counted tokens on which the feature fires: firings / tokens.'],
  maxActivation: [
    'Max',
    'The largest activation of the feature over the counted tokens, in units of its decoder direction.',
  ],
  meanActivation: ['Mean', 'Mean activation over the tokens on which the feature fires.'],
  logitEffect: [
    'Output',
    'The feature’s decoder direction through the final norm’s gain and the unembedding: which tokens it promotes or suppresses on the direct path, without later layers.',
  ],
  cosine: ['Cosine', 'Cosine of two features’ decoder directions.'],
  logprob: [
    'Log-prob',
    'Natural logarithm of the probability the model itself gives the token, before temperature and top-p.',
  ],
  kl: [
    'KL',
    'KL(steered ‖ default) in nats: how far the edits move the distribution of the next token, both after the steered text so far.',
  ],
  strength: [
    'Strength',
    'In units of the feature’s usual maximum: 1 × adds the decoder direction times the largest activation seen over the counted tokens.',
  ],
  loss: ['Loss', 'The training objective of one batch in scaled units; its parts are weighted as in the sum.'],
  tokensPerSecond: ['Tokens/s', 'Training tokens per second of wall clock over the last steps.'],
} as const satisfies Record<string, readonly [string, string]>

export type FigureName = keyof typeof FORMULAS

/** The name of a figure, with its formula one click away. */
export function Figure({ of, children }: { of: FigureName; children?: ReactNode }) {
  const [name, formula] = FORMULAS[of]
  return (
    <Definition term={children ?? name}>
      <p className="font-medium">{name}</p>
      <p className="text-ink-soft mt-1">{formula}</p>
    </Definition>
  )
}
