/**
 * Rows of Neuronpedia's database. The keys are the names of its columns, because its importer reads the columns from the
 * keys of the first line. Columns that Loupe does not measure have their default. U+0000, which Postgres cannot store,
 * becomes a space.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { ModelConfig } from '../../../trainer/model/types'
import { shortFloat } from '../tables/floats'
import type { StoredLabel } from '../tables/labels'
import type { ExportSource } from '../tables/source'
import type { StoredExample, StoredFeature } from '../tables/stored'

/** The user that a new Neuronpedia has for imports. */
const CREATOR_ID = 'clkht01d40000jv08hvalcvly'
const CREATOR_NAME = 'Loupe'
const NOT_SET = { min: -1, contains: -1 }

export interface NeuronpediaNames {
  modelId: string
  /** `<layer>-<set>`, the `layer` of every feature. */
  sourceId: string
  setName: string
  releaseName: string
}

/** Names for the import of a dictionary, from the letters that Neuronpedia allows. */
export function neuronpediaNames({ dictionary, harvest }: ExportSource): NeuronpediaNames {
  const setName = slug(dictionary.name)
  const layer = /^blocks\.(\d+)\./.exec(harvest.hook)?.[1] ?? '0'
  return {
    modelId: slug(harvest.model.name),
    sourceId: `${layer}-${setName}`,
    setName,
    releaseName: `loupe-${setName}`,
  }
}

export function slug(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9_]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'unnamed'
  )
}

export function releaseRow(source: ExportSource) {
  const { releaseName, setName, sourceId } = neuronpediaNames(source)
  const { name } = source.dictionary
  return {
    name: releaseName,
    description: `Dictionary ${name}, exported from Loupe`,
    descriptionShort: name,
    urls: [],
    creatorName: CREATOR_NAME,
    creatorNameShort: CREATOR_NAME,
    creatorId: CREATOR_ID,
    visibility: 'PUBLIC',
    isNewUi: true,
    featured: false,
    defaultSourceSetName: setName,
    defaultSourceId: sourceId,
    defaultUmapSourceIds: [],
    createdAt: createdAt(source),
  }
}

export function modelRow(source: ExportSource) {
  const { name, family, config } = source.harvest.model
  const { d_model = null, n_layers = 0, d_mlp = 0 } = config as Partial<ModelConfig>
  const { modelId } = neuronpediaNames(source)
  return {
    id: modelId,
    instruct: /instruct|chat|-it$/i.test(name),
    displayNameShort: name,
    displayName: name,
    creatorId: CREATOR_ID,
    tlensId: null,
    dimension: d_model,
    visibility: 'PUBLIC',
    layers: n_layers,
    neuronsPerLayer: d_mlp,
    owner: family,
    inferenceEnabled: false,
    createdAt: createdAt(source),
    updatedAt: createdAt(source),
  }
}

export function sourceSetRow(source: ExportSource) {
  const { modelId, setName, releaseName } = neuronpediaNames(source)
  const { architecture, dSae } = source.dictionary
  return {
    modelId,
    name: setName,
    creatorId: CREATOR_ID,
    creatorName: CREATOR_NAME,
    releaseName,
    description: `${architecture}, ${dSae} features at ${source.harvest.hook}`,
    type: architecture,
    urls: [],
    visibility: 'PUBLIC',
    hasDashboards: true,
    defaultRange: 1,
    defaultShowBreaks: true,
    showDfa: false,
    showCorrelated: false,
    showHeadAttribution: false,
    showUmap: false,
    createdAt: createdAt(source),
  }
}

const CountedShards = z.object({ shards: z.int() })

export function sourceRow(source: ExportSource) {
  const { modelId, setName, sourceId } = neuronpediaNames(source)
  const { harvest, statistics } = source
  const counted = CountedShards.safeParse(statistics.config)
  return {
    id: sourceId,
    modelId,
    setName,
    creatorId: CREATOR_ID,
    visibility: 'PUBLIC',
    dataset: harvest.corpus.name,
    num_prompts: counted.success ? counted.data.shards * harvest.contextsPerShard : null,
    num_tokens_in_prompt: harvest.contextSize,
    hfRepoId: null,
    hfFolderId: null,
    saelensConfig: null,
    saelensRelease: null,
    saelensSaeId: null,
    inferenceEnabled: false,
    hasUmap: false,
    notes: `weights sha256 ${source.weightsHash}; statistics over ${statistics.tokens} tokens`,
    createdAt: createdAt(source),
  }
}

/** A row of `Neuron`. */
export function neuronRow(source: ExportSource, { index, density, statistics }: StoredFeature) {
  const { modelId, sourceId, setName } = neuronpediaNames(source)
  const { histogram, logits, maxActivation, neighbours } = statistics
  const text = (token: number) => storable(source.vocabulary.textOf(token))
  return {
    modelId,
    layer: sourceId,
    index: String(index),
    sourceSetName: setName,
    creatorId: CREATOR_ID,
    createdAt: createdAt(source),
    maxActApprox: shortFloat(maxActivation),
    hasVector: false,
    vector: [],
    vectorLabel: null,
    vectorDefaultSteerStrength: 10,
    hookName: source.harvest.hook,
    topkCosSimIndices: neighbours.map(({ feature }) => feature),
    topkCosSimValues: neighbours.map(({ cosine }) => shortFloat(cosine)),
    neuron_alignment_indices: [],
    neuron_alignment_values: [],
    neuron_alignment_l1: [],
    correlated_neurons_indices: [],
    correlated_neurons_pearson: [],
    correlated_neurons_l1: [],
    correlated_features_indices: [],
    correlated_features_pearson: [],
    correlated_features_l1: [],
    neg_str: logits.bottom.map(({ token }) => text(token)),
    neg_values: logits.bottom.map(({ logit }) => shortFloat(logit)),
    pos_str: logits.top.map(({ token }) => text(token)),
    pos_values: logits.top.map(({ logit }) => shortFloat(logit)),
    frac_nonzero: density,
    freq_hist_data_bar_heights: histogram,
    freq_hist_data_bar_values: histogram.map((_, bin) => shortFloat(((bin + 0.5) / histogram.length) * maxActivation)),
    logits_hist_data_bar_heights: [],
    logits_hist_data_bar_values: [],
    decoder_weights_dist: [],
  }
}

/** A row of `Activation`. */
export function activationRow(source: ExportSource, stored: StoredExample) {
  const { feature, group, rank, example, start, tokenIds, values } = stored
  const { modelId, sourceId } = neuronpediaNames(source)
  const maxValue = Math.max(...values)
  return {
    id: cuid(`${source.dictionary.id} ${feature.index} ${group.name} ${rank}`),
    modelId,
    layer: sourceId,
    index: String(feature.index),
    creatorId: CREATOR_ID,
    createdAt: createdAt(source),
    tokens: tokenIds.map((id) => storable(source.vocabulary.textOf(id))),
    values,
    maxValue,
    maxValueTokenIndex: values.indexOf(maxValue),
    minValue: Math.min(...values),
    ...binOf(stored),
    qualifyingTokenIndex: example.position - start,
    dfaValues: [],
    dfaTargetIndex: null,
    dfaMaxValue: null,
    lossValues: [],
    logitContributions: null,
    dataIndex: null,
    dataSource: null,
    zIndices: null,
    zValues: null,
  }
}

/**
 * The top group has no lower bound and no share. An interval has its bounds and its share of all tokens. Random
 * examples come from the interval of all firings.
 */
function binOf({ feature: { density, statistics }, group }: StoredExample) {
  const max = shortFloat(statistics.maxActivation)
  if (group.name === 'top') return { binMin: NOT_SET.min, binMax: max, binContains: NOT_SET.contains }
  if (!group.interval) return { binMin: 0, binMax: max, binContains: density }
  const { from, to, lower, upper } = group.interval
  return { binMin: shortFloat(lower), binMax: shortFloat(upper), binContains: shortFloat((to - from) * density) }
}

/** A row of `Explanation`: the current label of a feature. */
export function explanationRow(source: ExportSource, feature: number, { id, text, author, createdAt }: StoredLabel) {
  const { modelId, sourceId } = neuronpediaNames(source)
  return {
    id: cuid(id),
    modelId,
    layer: sourceId,
    index: String(feature),
    authorId: CREATOR_ID,
    description: storable(text),
    embedding: null,
    typeName: null,
    explanationModelName: null,
    notes: storable(`label by ${author} in Loupe`),
    umap_x: 0,
    umap_y: 0,
    umap_cluster: 0,
    umap_log_feature_sparsity: 0,
    createdAt: createdAt.toISOString(),
  }
}

const createdAt = ({ statistics }: ExportSource) => (statistics.finishedAt ?? statistics.createdAt).toISOString()

const storable = (text: string) => text.replaceAll('\0', ' ')

/** 25 characters in the form of Neuronpedia's ids; equal keys give equal ids. */
function cuid(key: string): string {
  const number = BigInt(`0x${createHash('sha256').update(key).digest('hex')}`)
  return `c${number.toString(36).padStart(24, '0').slice(-24)}`
}
