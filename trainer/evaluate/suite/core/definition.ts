/** The core figures of SAEBench, described. */
import { z } from 'zod'
import { counted, text, type SuiteDefinition } from '../definition'

export const core = {
  name: 'core',
  label: 'Core',
  summary: 'Reconstruction, sparsity, shrinkage and the loss of the model, in the categories of SAEBench.',
  source: { text: 'SAEBench, Karvonen et al. 2025', href: 'https://arxiv.org/abs/2503.09532' },
  caveat:
    'Held-out text without first positions and attention sinks. Explained variance is about the mean of all tokens; the legacy figure averages ratios of single tokens, as SAEBench’s does.',
  measuredOn: 'held-out text of the harvest',
  settings: z.strictObject({
    tokens: z.int().positive().default(8192).describe('held-out tokens of the cross-entropy triple'),
  }),
  tables: {
    metrics: {
      title: 'Figures',
      isDetail: true,
      columns: {
        category: text('Category'),
        metric: text('Figure'),
        value: counted('value', 'mean over tokens unless the formula says otherwise'),
        formula: text('Formula'),
      },
    },
  },
} satisfies SuiteDefinition

export type CoreSettings = z.output<typeof core.settings>

/** Category → figure → formula, named as in SAEBench's files. */
export const CORE_METRICS = {
  model_behavior_preservation: {
    kl_div_score: '(KL_zero − KL_spliced) / KL_zero',
    kl_div_with_ablation: 'E KL(p_clean ‖ p_zero)',
    kl_div_with_sae: 'E KL(p_clean ‖ p_spliced)',
  },
  model_performance_preservation: {
    ce_loss_score: '(CE_zero − CE_spliced) / (CE_zero − CE_clean)',
    ce_loss_with_ablation: 'E −log p(next token) with 0 instead of x',
    ce_loss_with_sae: 'E −log p(next token) with x̂ instead of x',
    ce_loss_without_sae: 'E −log p(next token) of the unchanged model',
  },
  reconstruction_quality: {
    explained_variance: '1 − E‖x − x̂‖² / E‖x − Ex‖²',
    explained_variance_legacy: 'E (1 − ‖x − x̂‖² / ‖x − Ex‖²), Ex of a batch',
    mse: 'E ‖x − x̂‖² / d',
    cossim: 'E (x · x̂) / (‖x‖ ‖x̂‖)',
  },
  shrinkage: {
    l2_norm_in: 'E ‖x‖',
    l2_norm_out: 'E ‖x̂‖',
    l2_ratio: 'E ‖x̂‖ / ‖x‖',
    relative_reconstruction_bias: 'E‖x̂‖² / E(x · x̂)',
  },
  sparsity: { l0: 'E #{f : z_f > 0}', l1: 'E Σ_f z_f' },
  token_stats: {
    total_tokens_eval_reconstruction: 'predictions of the cross-entropy',
    total_tokens_eval_sparsity_variance: 'held-out tokens of all other figures',
  },
  misc_metrics: {
    freq_over_1_percent: 'share of latents with a density above 1 %',
    freq_over_10_percent: 'share of latents with a density above 10 %',
    normalized_freq_over_1_percent: 'share of all firings from latents above 1 %',
    normalized_freq_over_10_percent: 'share of all firings from latents above 10 %',
    average_max_encoder_cosine_sim: 'mean over latents of the largest cosine with another encoder column',
    average_max_decoder_cosine_sim: 'mean over latents of the largest cosine with another decoder row',
    frac_alive: 'share of latents that fired',
  },
} as const
