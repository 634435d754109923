/** The core figures of SAEBench, computed. */
import { mean } from '../../correlation'
import type { CoreFigures, Row, SuiteResult } from '../definition'
import type { SuiteRunner } from '../runner'
import { CORE_METRICS, type CoreSettings } from './definition'
import { codedFigures, weightFigures, type CodedFigures, type WeightFigures } from './latents'

/** One part, like an evaluation without a suite. */
export const coreRunner: SuiteRunner<CoreSettings, SuiteResult> = {
  plan: ({ tokens }) => [{ from: 0, to: tokens, tokens }],

  async run({ tokens }, _part, input, stage) {
    const figures = await input.coreFigures(tokens, stage)
    const coded = await codedFigures(input, stage.signal)
    const weights = await weightFigures(input.dictionary)
    return {
      tables: { metrics: rows(values(figures, coded, weights)) },
      notes: [`${coded.tokens} held-out tokens; cross-entropy over ${figures.crossEntropy.tokens} predictions`],
      latents: latents(coded, weights),
      core: figures,
    }
  },

  finish: (_settings, [result]) => result!,
}

type Values = { [C in keyof typeof CORE_METRICS]: Record<keyof (typeof CORE_METRICS)[C], number | null> }

function values({ heldOut, crossEntropy }: CoreFigures, coded: CodedFigures, weights: WeightFigures): Values {
  return {
    model_behavior_preservation: {
      kl_div_score: crossEntropy.klRecovered,
      kl_div_with_ablation: crossEntropy.klZero,
      kl_div_with_sae: crossEntropy.klSpliced,
    },
    model_performance_preservation: {
      ce_loss_score: crossEntropy.crossEntropyRecovered,
      ce_loss_with_ablation: crossEntropy.crossEntropyZero,
      ce_loss_with_sae: crossEntropy.crossEntropySpliced,
      ce_loss_without_sae: crossEntropy.crossEntropyClean,
    },
    reconstruction_quality: {
      explained_variance: heldOut.explainedVariance,
      explained_variance_legacy: coded.explainedVarianceLegacy,
      mse: heldOut.mse,
      cossim: heldOut.cosine,
    },
    shrinkage: {
      l2_norm_in: coded.meanNormIn,
      l2_norm_out: coded.meanNormOut,
      l2_ratio: heldOut.l2Ratio,
      relative_reconstruction_bias: heldOut.reconstructionBias,
    },
    sparsity: { l0: heldOut.l0, l1: heldOut.l1 },
    token_stats: {
      total_tokens_eval_reconstruction: crossEntropy.tokens,
      total_tokens_eval_sparsity_variance: coded.tokens,
    },
    misc_metrics: misc(coded.density, weights),
  }
}

function misc(density: readonly number[], weights: WeightFigures): Values['misc_metrics'] {
  const above = (limit: number) => density.filter((value) => value > limit)
  const firings = density.reduce((sum, value) => sum + value, 0)
  const share = (limit: number) => (firings === 0 ? 0 : above(limit).reduce((sum, value) => sum + value, 0) / firings)
  return {
    freq_over_1_percent: above(0.01).length / density.length,
    freq_over_10_percent: above(0.1).length / density.length,
    normalized_freq_over_1_percent: share(0.01),
    normalized_freq_over_10_percent: share(0.1),
    average_max_encoder_cosine_sim: mean(weights.maxEncoderCosine),
    average_max_decoder_cosine_sim: mean(weights.maxDecoderCosine),
    frac_alive: above(0).length / density.length,
  }
}

function rows(values: Values): Row[] {
  return Object.entries(CORE_METRICS).flatMap(([category, metrics]) =>
    Object.entries(metrics).map(([metric, formula]) => ({
      category,
      metric,
      formula,
      value: (values[category as keyof Values] as Record<string, number | null>)[metric] ?? null,
    })),
  )
}

/** Named as in SAEBench's files, to six digits. */
function latents(coded: CodedFigures, weights: WeightFigures): Record<string, number[]> {
  const columns = {
    feature_density: coded.density,
    consistent_activation_heuristic: coded.consistency,
    encoder_bias: weights.encoderBias,
    encoder_norm: weights.encoderNorm,
    encoder_decoder_cosine_sim: weights.encoderDecoderCosine,
    max_decoder_cosine_sim: weights.maxDecoderCosine,
    max_encoder_cosine_sim: weights.maxEncoderCosine,
  }
  const short = (column: readonly number[]) => column.map((value) => Number(value.toPrecision(6)))
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, short(column)]))
}
