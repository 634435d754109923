import { describe, expect, it } from 'vitest'
import { CORE_METRICS } from './core/definition'
import { saeBenchAbsorption, saeBenchCore, saeBenchSparseProbing, type Stored } from './saeBench'

const interval = (value: number) => ({ value, low: value, high: value })

function stored(result: Partial<Stored['result']>, settings: Stored['settings'] = {}): Stored {
  return {
    id: 'e',
    createdAt: new Date(1000),
    model: 'm',
    release: 'm',
    sae: 's',
    dictionary: {},
    version: '1',
    engine: 'cpu',
    settings,
    contextSize: 128,
    result: { tables: {}, notes: ['a note'], ...result },
  }
}

describe('files of SAEBench', () => {
  it('say who measured, and keep notes where the schema has room', () => {
    const { sae_bench_commit_hash: hash, datetime_epoch_millis: millis, ...rest } = saeBenchCore(stored({}))
    expect([hash, millis]).toEqual(['loupe-1', 1000])
    expect(rest.eval_result_unstructured).toMatchObject({ measured_by: 'loupe', engine: 'cpu', notes: ['a note'] })
  })

  it('of core hold every category, and a row for every latent', () => {
    const metrics = Object.entries(CORE_METRICS).flatMap(([category, figures]) =>
      Object.keys(figures).map((metric, at) => ({ category, metric, value: at, formula: '' })),
    )
    const latents = { feature_density: [0.5, 0], encoder_norm: [1, 2] }
    const file = saeBenchCore(stored({ tables: { metrics }, latents }, { tokens: 8100 }))
    expect(file.eval_config).toMatchObject({ n_eval_reconstruction_batches: 64, context_size: 128 })
    expect(Object.keys(file.eval_result_metrics)).toEqual(Object.keys(CORE_METRICS))
    expect(file.eval_result_metrics['reconstruction_quality']).toMatchObject({ explained_variance: 0, cossim: 3 })
    expect(file.eval_result_details).toEqual([
      { index: 0, feature_density: 0.5, encoder_norm: 1 },
      { index: 1, feature_density: 0, encoder_norm: 2 },
    ])
  })

  it('of sparse probing hold accuracies by k of both, plain numbers', () => {
    const mean = [
      { probe: 'latents', k1: interval(0.7), k2: interval(0.8), k5: interval(0.9), all: null },
      { probe: 'channels', k1: interval(0.5), k2: interval(0.6), k5: interval(0.65), all: interval(0.95) },
    ]
    const file = saeBenchSparseProbing(stored({ tables: { mean } }, { seed: 3, trainTexts: 10 }))
    expect(file.eval_result_metrics.sae).toMatchObject({ sae_test_accuracy: null, sae_top_5_test_accuracy: 0.9 })
    expect(file.eval_result_metrics.llm).toMatchObject({ llm_test_accuracy: 0.95, llm_top_1_test_accuracy: 0.5 })
    expect(file.eval_config).toMatchObject({ random_seed: 3, probe_train_set_size: 10, dataset_names: ['brown'] })
  })

  it('of absorption hold means and deviations over letters', () => {
    const letter = (name: string, fraction: number) => ({
      letter: name,
      words: 4,
      fraction,
      fullWords: 1,
      full: 0.25,
      split: 2,
      latents: '#1 #2',
      probe: 0.9,
    })
    const file = saeBenchAbsorption(stored({ tables: { mean: [], letters: [letter('a', 0.1), letter('b', 0.3)] } }))
    const { mean } = file.eval_result_metrics
    expect(mean['mean_absorption_fraction_score']).toBeCloseTo(0.2, 12)
    expect(mean['std_dev_absorption_fraction_score']).toBeCloseTo(Math.SQRT2 * 0.1, 12)
    expect(file.eval_result_details[0]).toEqual({
      first_letter: 'a',
      mean_absorption_fraction: 0.1,
      full_absorption_rate: 0.25,
      num_full_absorption: 1,
      num_probe_true_positives: 4,
      num_split_features: 2,
    })
  })
})
