/** What a figure means: pages show the formula of a number. */
export interface Metric {
  label: string
  /** Averages run over counted tokens; sums are kept in double precision. */
  formula: string
  unit: string
  /** Which way is better; `none` where it depends. */
  direction: 'up' | 'down' | 'none'
}

/** Every figure that an evaluation can contain. x: activation, x̂: reconstruction, z: codes, E: mean over tokens. */
export const METRICS = {
  tokens: { label: 'tokens', formula: 'tokens measured', unit: 'tokens', direction: 'none' },
  l0: { label: 'L0', formula: 'E #{f : z_f > 0}', unit: 'latents', direction: 'none' },
  l1: { label: 'L1', formula: 'E Σ_f z_f', unit: 'activation', direction: 'none' },
  mse: { label: 'mean squared error', formula: 'E ‖x − x̂‖² / d', unit: 'activation²', direction: 'down' },
  explainedVariance: {
    label: 'explained variance',
    formula: '1 − E‖x − x̂‖² / E‖x − Ex‖², about the mean of all measured tokens',
    unit: 'share',
    direction: 'up',
  },
  nmse: {
    label: 'fraction of variance unexplained',
    formula: 'E‖x − x̂‖² / E‖x − Ex‖² = 1 − explained variance',
    unit: 'share',
    direction: 'down',
  },
  cosine: { label: 'cosine', formula: 'E (x · x̂) / (‖x‖ ‖x̂‖)', unit: '', direction: 'up' },
  l2Ratio: { label: 'L2 ratio', formula: 'E ‖x̂‖ / ‖x‖; 1 means no shrinkage', unit: 'ratio', direction: 'none' },
  reconstructionBias: {
    label: 'relative reconstruction bias',
    formula: 'γ = E‖x̂‖² / E(x · x̂); 1 means no shrinkage (Rajamanoharan et al. 2024)',
    unit: 'ratio',
    direction: 'none',
  },
  deadShare: {
    label: 'dead share',
    formula: '#{f : z_f = 0 on every measured token} / d_sae; depends on the number of tokens',
    unit: 'share',
    direction: 'down',
  },
  crossEntropyClean: {
    label: 'cross-entropy, clean',
    formula: 'E −log p(next token) of the unchanged model',
    unit: 'nats/token',
    direction: 'none',
  },
  crossEntropySpliced: {
    label: 'cross-entropy, reconstruction spliced in',
    formula: 'E −log p(next token) with x̂ instead of x',
    unit: 'nats/token',
    direction: 'down',
  },
  crossEntropyZero: {
    label: 'cross-entropy, zero ablation',
    formula: 'E −log p(next token) with 0 instead of x',
    unit: 'nats/token',
    direction: 'none',
  },
  crossEntropyRecovered: {
    label: 'cross-entropy recovered',
    formula: '(CE_zero − CE_spliced) / (CE_zero − CE_clean), means first, ratio after; may exceed 1 or fall below 0',
    unit: 'share',
    direction: 'up',
  },
  klSpliced: {
    label: 'KL, reconstruction spliced in',
    formula: 'E KL(p_clean ‖ p_spliced)',
    unit: 'nats/token',
    direction: 'down',
  },
  klZero: { label: 'KL, zero ablation', formula: 'E KL(p_clean ‖ p_zero)', unit: 'nats/token', direction: 'none' },
  klRecovered: {
    label: 'KL recovered',
    formula: '(KL_zero − KL_spliced) / KL_zero',
    unit: 'share',
    direction: 'up',
  },
} as const satisfies Record<string, Metric>

export type MetricName = keyof typeof METRICS
