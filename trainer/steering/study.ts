/** Measures what steering does: promoted tokens and perplexity over many features, against unsteered text. */
import { LoupeError } from '../errors'
import { generateAll, type GeneratedRow } from '../model/generate/generate'
import { crossEntropy } from '../model/runtime/loss'
import type { LoadedModel } from '../model/types'
import type { Stage } from '../progress'
import type { Dictionary } from '../sae/dictionary/dictionary'
import type { Interval } from '../tensors/bootstrap'
import { createRandom } from '../tensors/random'
import type { ResolvedEdit } from './edits'
import { rowEdits } from './rowEdits'
import { median, ratioInterval, smoothedRate, type FeatureCounts } from './studyStatistics'

/** The features are drawn before any text is generated; all use one strength. */
export interface StudyFeature {
  index: number
  density: number
  /** The feature's usual maximum: strengths are in units of it. */
  maxActivation: number
  /** The promoted tokens of its page: the twenty largest logit effects. */
  promoted: readonly number[]
}

export interface StudyOptions {
  loaded: LoadedModel
  dictionary: Dictionary
  /** Hook of the dictionary. */
  hook: string
  features: readonly StudyFeature[]
  /** Token ids of equal length; sample s continues prompt s modulo their number. */
  prompts: readonly (readonly number[])[]
  /** In units of each feature's usual maximum. */
  strength: number
  /** Texts for each feature and treatment. */
  samples: number
  maxTokens: number
  temperature: number
  topP: number
  seed: number
  /** Counts generated batches. */
  stage: Stage
}

export interface StudyRow {
  feature: number
  density: number
  maxActivation: number
  /** Shares of promoted tokens, add-one smoothed. */
  steered: number
  unsteered: number
  random: number
  /** Median over the steered texts, by the unsteered model. */
  perplexity: number
}

export interface StudyTable {
  strength: number
  samples: number
  rows: StudyRow[]
  /** Mean steered rate over the mean unsteered one, and over that of random directions of equal norm. */
  againstUnsteered: Interval
  againstRandom: Interval
  /** Medians over all texts, by the unsteered model. */
  perplexity: { unsteered: number; steered: number; ratio: number }
}

/** Features to study: a seeded draw from the features with a density in `[low, high]`, in the order drawn. */
export function drawStudyFeatures(
  features: readonly { index: number; density: number }[],
  { count, seed, low = 0.0005, high = 0.02 }: { count: number; seed: number; low?: number; high?: number },
): number[] {
  const eligible = features.filter(({ density }) => density >= low && density <= high).map(({ index }) => index)
  if (eligible.length < count) {
    throw new LoupeError(
      'bad-input',
      `only ${eligible.length} features have a density between ${low} and ${high}, ${count} are needed`,
      { remedy: 'compute the statistics over more tokens, or train the dictionary longer' },
    )
  }
  const order = createRandom(`steering study ${seed}`).permutation(eligible.length)
  return Array.from(order.subarray(0, count), (index) => eligible[index]!)
}

/**
 * Generates texts with the feature added at every position, with a random direction of the same norm, and without
 * edits, all with the same prompts and seeds. Counts promoted tokens, and computes the perplexity of the texts under the
 * unsteered model.
 */
export async function steeringStudy(options: StudyOptions): Promise<StudyTable> {
  const { features, seed, stage, samples, strength } = options
  const batches = features.length + 1
  const plain = await generateTexts(options, [[]])
  stage.report(1, batches)
  const plainPerplexities = perplexities(options, plain[0]!)
  const rows: StudyRow[] = []
  const counts: FeatureCounts[] = []
  const steeredPerplexities: number[] = []
  for (const feature of features) {
    const [steered, random] = await generateTexts(options, treatments(options, feature))
    const count = countPromoted(feature, { steered: steered!, random: random!, unsteered: plain[0]! })
    const perplexity = perplexities(options, steered!)
    counts.push(count)
    steeredPerplexities.push(...perplexity)
    rows.push({
      feature: feature.index,
      density: feature.density,
      maxActivation: feature.maxActivation,
      steered: smoothedRate(count.steered),
      unsteered: smoothedRate(count.unsteered),
      random: smoothedRate(count.random),
      perplexity: median(perplexity),
    })
    stage.report(rows.length + 1, batches)
  }
  const [unsteered, steered] = [median(plainPerplexities), median(steeredPerplexities)]
  return {
    strength,
    samples,
    rows,
    againstUnsteered: ratioInterval(counts, 'unsteered', { seed }),
    againstRandom: ratioInterval(counts, 'random', { seed }),
    perplexity: { unsteered, steered, ratio: steered / unsteered },
  }
}

/** The feature's direction and a random one of equal norm, both multiplied by strength × usual maximum. */
function treatments({ dictionary, hook, strength, seed }: StudyOptions, feature: StudyFeature): ResolvedEdit[][] {
  const direction = dictionary.direction(feature.index)
  const random = createRandom(`random direction ${seed} ${feature.index}`)
  const other = Float32Array.from(direction, () => random.normal())
  const scale = norm(direction) / norm(other)
  const edit = (vector: Float32Array): ResolvedEdit[] => [
    { hook, direction: vector, positions: 'all', mode: 'add', strength: strength * feature.maxActivation },
  ]
  return [edit(direction), edit(other.map((value) => value * scale))]
}

function norm(vector: Float32Array): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
}

/** `samples` texts for each list of edits, all in one batch. */
async function generateTexts(options: StudyOptions, editLists: ResolvedEdit[][]): Promise<GeneratedRow[][]> {
  const { loaded, samples, seed, maxTokens, temperature, topP, stage } = options
  const rows = editLists.flatMap((edits) => Array.from({ length: samples }, (_, sample) => ({ edits, sample })))
  const prompts = rows.map(({ sample }) => promptOf(options, sample))
  const texts = await generateAll(loaded.model, loaded.tokenizer, {
    prompts,
    sampling: { temperature, topP, maxTokens, seed },
    seeds: rows.map(({ sample }) => seed * 1000 + sample),
    edits: rowEdits(rows.map(({ edits }) => ({ edits, promptLength: prompts[0]!.length }))).hooks,
    signal: stage.signal,
  })
  return editLists.map((_, list) => texts.slice(list * samples, (list + 1) * samples))
}

function promptOf({ prompts }: StudyOptions, sample: number): readonly number[] {
  return prompts[sample % prompts.length]!
}

function countPromoted(
  { promoted }: StudyFeature,
  texts: Record<keyof FeatureCounts, readonly GeneratedRow[]>,
): FeatureCounts {
  const promotedIds = new Set(promoted)
  const count = (rows: readonly GeneratedRow[]) =>
    rows.map(({ ids }) => ({ promoted: ids.filter((id) => promotedIds.has(id)).length, tokens: ids.length }))
  return { steered: count(texts.steered), random: count(texts.random), unsteered: count(texts.unsteered) }
}

/** Perplexity of each text after its prompt, by the unsteered model; texts without tokens are left out. */
function perplexities(options: StudyOptions, texts: readonly GeneratedRow[]): number[] {
  const sequences = texts.map(({ ids }, sample) => [...promptOf(options, sample), ...ids])
  const seq = Math.max(...sequences.map(({ length }) => length))
  // Attention is causal: the padding after a text does not change the losses before it.
  const ids = Int32Array.from(sequences.flatMap((ids) => [...ids, ...new Array<number>(seq - ids.length).fill(0)]))
  const batch = crossEntropy(options.loaded.model, { ids, batch: texts.length, seq })
  const losses = batch.dataSync<'float32'>()
  batch.dispose()
  return sequences.flatMap(({ length }, sample) => {
    const first = promptOf(options, sample).length - 1
    const continued = losses.subarray(sample * (seq - 1) + first, sample * (seq - 1) + length - 1)
    return continued.length === 0 ? [] : [Math.exp(continued.reduce((sum, loss) => sum + loss, 0) / continued.length)]
  })
}
