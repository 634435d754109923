/** Stored results in the shapes of SAEBench's JSON Schemas (0.6). Figures without a place in its schema are unstructured. */
import { PROBE_SIZES } from './sparseProbing/definition'
import type { Cell, Row, SuiteResult } from './definition'

export interface Stored {
  id: string
  createdAt: Date
  model: string
  release: string
  sae: string
  /** The dictionary's configuration. */
  dictionary: object
  /** Of Loupe. */
  version: string
  engine: string
  settings: Record<string, unknown>
  /** Tokens of a context of the harvest; null when the harvest is deleted. */
  contextSize: number | null
  result: SuiteResult
}

function common(stored: Stored, type: string, unstructured: object) {
  return {
    eval_type_id: type,
    eval_id: stored.id,
    datetime_epoch_millis: stored.createdAt.getTime(),
    // Loupe measured this, not a commit of SAEBench.
    sae_bench_commit_hash: `loupe-${stored.version}`,
    sae_lens_id: stored.sae,
    sae_lens_release_id: stored.release,
    sae_lens_version: null,
    sae_cfg_dict: stored.dictionary,
    eval_result_unstructured: {
      measured_by: 'loupe',
      engine: stored.engine,
      notes: stored.result.notes,
      ...unstructured,
    },
  }
}

export function saeBenchCore(stored: Stored) {
  const { settings, result, contextSize } = stored
  const contexts = contextSize === null ? 0 : Math.ceil(Number(settings['tokens'] ?? 0) / contextSize)
  const metrics: Record<string, Record<string, Cell>> = {}
  for (const { category, metric, value } of rowsOf(result, 'metrics')) {
    ;(metrics[text(category)] ??= {})[text(metric)] = value ?? 0
  }
  const columns = Object.entries(result.latents ?? {})
  const width = columns[0]?.[1].length ?? 0
  return {
    ...common(stored, 'core', {}),
    eval_config: {
      model_name: stored.model,
      llm_dtype: 'float32',
      dataset: 'held-out text of the harvest',
      compute_kl: true,
      compute_ce_loss: true,
      compute_l2_norms: true,
      compute_sparsity_metrics: true,
      compute_variance_metrics: true,
      compute_featurewise_density_statistics: true,
      compute_featurewise_weight_based_metrics: true,
      exclude_special_tokens_from_reconstruction: true,
      // A batch is one context.
      batch_size_prompts: 1,
      n_eval_reconstruction_batches: contexts,
      context_size: contextSize ?? 0,
    },
    eval_result_metrics: metrics,
    eval_result_details: Array.from({ length: width }, (_, index) => ({
      index,
      ...Object.fromEntries(columns.map(([name, values]) => [name, values[index]!])),
    })),
  }
}

export function saeBenchSparseProbing(stored: Stored) {
  const { settings, result } = stored
  const [latents, channels] = rowsOf(result, 'mean') as [Row, Row]
  const sized = (row: Row, who: 'sae' | 'llm') =>
    Object.fromEntries(PROBE_SIZES.map((k) => [`${who}_top_${k}_test_accuracy`, number(row[`k${k}`])]))
  const llm = { llm_test_accuracy: number(channels['all']), ...sized(channels, 'llm') }
  const sae = { sae_test_accuracy: null, ...sized(latents, 'sae') }
  const dataset = text(settings['labelled'] ?? 'brown')
  return {
    ...common(stored, 'sparse_probing', {
      accuracy: 'balanced, one class against all others',
      classes: rowsOf(result, 'classes'),
    }),
    eval_config: {
      random_seed: settings['seed'],
      dataset_names: [dataset],
      model_name: stored.model,
      llm_dtype: 'float32',
      probe_train_set_size: settings['trainTexts'],
      probe_test_set_size: settings['testTexts'],
      context_length: settings['textTokens'],
      k_values: [...PROBE_SIZES],
    },
    eval_result_metrics: { llm, sae },
    eval_result_details: [{ dataset_name: dataset, ...llm, ...sae }],
  }
}

export function saeBenchAbsorption(stored: Stored) {
  const { settings, result } = stored
  const letters = rowsOf(result, 'letters')
  const figures = { absorption_fraction_score: 'fraction', full_absorption_score: 'full', num_split_features: 'split' }
  const mean = Object.entries(figures).flatMap(([name, column]) => {
    const { average, deviation } = moments(letters.map((row) => number(row[column])))
    return [[`mean_${name}`, average] as const, [`std_dev_${name}`, deviation] as const]
  })
  return {
    ...common(stored, 'absorption_first_letter', { mean: rowsOf(result, 'mean') }),
    eval_config: {
      model_name: stored.model,
      random_seed: settings['seed'],
      f1_jump_threshold: 0.03,
      max_k_value: 10,
      prompt_template: '{word} has the first letter:',
      min_GT_probe_f1: settings['probeF1'],
      llm_dtype: 'float32',
    },
    eval_result_metrics: { mean: Object.fromEntries(mean) },
    eval_result_details: letters.map((row) => ({
      first_letter: row['letter'],
      mean_absorption_fraction: number(row['fraction']),
      full_absorption_rate: number(row['full']),
      num_full_absorption: number(row['fullWords']),
      num_probe_true_positives: number(row['words']),
      num_split_features: number(row['split']),
    })),
  }
}

function rowsOf({ tables }: SuiteResult, name: string): Row[] {
  return tables[name] ?? []
}

/** The schemas have no place for figures that are not defined: they are 0 there. */
function number(cell: Cell | undefined): number {
  if (typeof cell === 'number') return cell
  return typeof cell === 'object' ? (cell?.value ?? 0) : 0
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function moments(values: readonly number[]): { average: number; deviation: number } {
  if (values.length === 0) return { average: 0, deviation: 0 }
  const average = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - average) ** 2, 0)
  return { average, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 }
}
