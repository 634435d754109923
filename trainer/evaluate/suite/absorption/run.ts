/** First-letter absorption, computed. */
import * as tf from '@tensorflow/tfjs-core'
import { setTimeout } from 'node:timers/promises'
import { LoupeError } from '../../../errors'
import { harvestContexts } from '../../../harvest/activations'
import { SINK_FACTOR } from '../../../positions'
import { type Codes, toDense } from '../../../sae/codes/codes'
import { bootstrapInterval, resample } from '../../../tensors/bootstrap'
import { createRandom } from '../../../tensors/random'
import { tidyToHost } from '../../../tensors/tidyToHost'
import type { Row, SuiteResult } from '../definition'
import { f1, largest, meanDifferences, predicted } from '../kSparse'
import type { Rows } from '../logistic'
import type { SuiteInput, SuiteRunner } from '../runner'
import { gathered } from '../sparseProbing/pool'
import type { AbsorptionSettings } from './definition'
import { absorptionOf } from './formula'
import { beginning, drawWords, type Word } from './words'
import { rowNorms } from '../../../tensors/arrays'

const HELD_OUT_SHARE = 0.2
const MOST_MAIN = 10
const MIN_GAIN = 0.03
const BATCH_WORDS = 512
const DRAWS = 1000

/** One part: it takes a few minutes or less. */
export const absorptionRunner: SuiteRunner<AbsorptionSettings, SuiteResult> = {
  plan: ({ words }) => [{ from: 0, to: words, tokens: 2 * words }],

  async run(settings, part, input, stage) {
    const words = drawWords(input.tokenizer, settings.words, settings.seed)
    const read = await readWords(input, words, {
      ...stage,
      report: (done) => stage.report((done / words.length) * part.tokens, part.tokens),
    })
    const [heldOut, train] = splitWords(read)
    const letters: LetterResult[] = []
    for (const letter of [...new Set(read.words.map((word) => word.letter))].sort()) {
      if (stage.signal.aborted) throw new LoupeError('cancelled', 'the evaluation was cancelled')
      letters.push(measureLetter(input, { train, heldOut, letter }))
      await setTimeout(1)
    }
    return resultOf(settings, { letters, words: read.words.length, sinks: words.length - read.words.length })
  },

  finish: (_settings, [result]) => result!,
}

/** Words with their activations and codes. */
interface WordRows {
  words: readonly Word[]
  /** `[n, d_in]` */
  x: Rows & { data: Float32Array }
  /** `[n, d_sae]` */
  z: Rows & { data: Float32Array }
}

/**
 * Activations at each word in "… {word} has the first letter:". The model is causal: the text after the word cannot change
 * them, so only the word and the token before it are run. Words that are attention sinks are left out.
 */
async function readWords(
  { model, tokenizer, hook, dictionary, medianNorm }: SuiteInput,
  words: readonly Word[],
  stage: { signal: AbortSignal; report(done: number): void },
): Promise<WordRows> {
  const { d_in, d_sae } = dictionary
  const first = beginning(tokenizer)
  const x = new Float32Array(words.length * d_in)
  for (let from = 0; from < words.length; from += BATCH_WORDS) {
    if (stage.signal.aborted) throw new LoupeError('cancelled', 'the evaluation was cancelled')
    const batch = words.slice(from, from + BATCH_WORDS)
    const pairs = Int32Array.from(batch.flatMap(({ id }) => [first, id]))
    const { activations: both } = harvestContexts(model, { hook }, pairs, 2)
    for (const at of batch.keys()) x.set(both.subarray((2 * at + 1) * d_in, (2 * at + 2) * d_in), (from + at) * d_in)
    stage.report(from + batch.length)
    await setTimeout(1)
  }
  const norms = rowNorms(x, d_in)
  const kept = words.flatMap((_, at) => (norms[at]! <= SINK_FACTOR * medianNorm ? [at] : []))
  const data = gathered(x, kept, d_in)
  const codes = tidyToHost<Codes>(() => dictionary.encode(tf.tensor2d(data, [kept.length, d_in])))
  return {
    words: kept.map((at) => words[at]!),
    x: { data, n: kept.length, width: d_in },
    z: { data: toDense(codes), n: kept.length, width: d_sae },
  }
}

/** Words were drawn in random order: the first fifth is held out. */
function splitWords({ words, x, z }: WordRows): [heldOut: WordRows, train: WordRows] {
  const border = Math.ceil(words.length * HELD_OUT_SHARE)
  const part = (from: number, to: number): WordRows => ({
    words: words.slice(from, to),
    x: { data: x.data.subarray(from * x.width, to * x.width), n: to - from, width: x.width },
    z: { data: z.data.subarray(from * z.width, to * z.width), n: to - from, width: z.width },
  })
  return [part(0, border), part(border, words.length)]
}

interface LetterResult {
  letter: string
  probeF1: number
  main: number[]
  /** One for each held-out word of the letter that its probe finds. */
  words: { fraction: number; full: boolean }[]
}

function measureLetter(
  { dictionary }: SuiteInput,
  { train, heldOut, letter }: { train: WordRows; heldOut: WordRows; letter: string },
): LetterResult {
  const membership = ({ words }: WordRows) => Uint8Array.from(words, (word) => (word.letter === letter ? 1 : 0))
  const [trained, positive] = [membership(train), membership(heldOut)]
  const all = Array.from({ length: train.x.width }, (_, column) => column)
  const { predictions, probe } = predicted(train.x, trained, heldOut.x, all)
  const direction = unit(probe.weights)
  const main = mainLatents(train.z, trained, heldOut.z, positive)
  const cosines = decoderCosines(dictionary.tensors['W_dec']!.data, direction)
  const truePositives = [...positive.keys()].filter((row) => positive[row] === 1 && predictions[row] === 1)
  return {
    letter,
    probeF1: f1(predictions, positive),
    main,
    words: truePositives.map((row) => {
      const act = direction.reduce((sum, value, i) => sum + value * heldOut.x.data[row * heldOut.x.width + i]!, 0)
      return absorptionOf(activeLatents(heldOut.z, row, cosines, main), act)
    }),
  }
}

/** The smallest number of latents, ranked by difference of means, whose probe gains little from one more. */
function mainLatents(train: Rows, trained: Uint8Array, heldOut: Rows, positive: Uint8Array): number[] {
  const order = largest(meanDifferences(train, trained), MOST_MAIN)
  const score = (k: number) => f1(predicted(train, trained, heldOut, order.slice(0, k)).predictions, positive)
  let [k, reached] = [1, score(1)]
  while (k < order.length) {
    const next = score(k + 1)
    if (next - reached < MIN_GAIN) break
    reached = next
    k++
  }
  return order.slice(0, k)
}

function activeLatents({ data, width }: Rows, row: number, cosines: Float64Array, main: readonly number[]) {
  const z = data.subarray(row * width, (row + 1) * width)
  return [...z.keys()]
    .filter((latent) => z[latent]! > 0)
    .map((latent) => ({ activation: z[latent]!, cosine: cosines[latent]!, isMain: main.includes(latent) }))
}

function unit(weights: Float64Array): Float64Array {
  const norm = Math.sqrt(weights.reduce((sum, weight) => sum + weight ** 2, 0))
  return norm === 0 ? weights : weights.map((weight) => weight / norm)
}

/** Cosine of every row of W_dec with a unit direction; 0 for a row of zeros. */
function decoderCosines(W_dec: Float32Array, direction: Float64Array): Float64Array {
  const width = direction.length
  return Float64Array.from({ length: W_dec.length / width }, (_, row) => {
    let [product, squares] = [0, 0]
    for (let i = 0; i < width; i++) {
      const value = W_dec[row * width + i]!
      product += value * direction[i]!
      squares += value * value
    }
    return squares === 0 ? 0 : product / Math.sqrt(squares)
  })
}

function resultOf(
  { probeF1, seed }: AbsorptionSettings,
  { letters, words, sinks }: { letters: readonly LetterResult[]; words: number; sinks: number },
): SuiteResult {
  const counting = letters.filter((letter) => letter.probeF1 >= probeF1 && letter.words.length > 0)
  const left = letters.filter((letter) => !counting.includes(letter)).map(({ letter }) => letter)
  return {
    tables: { mean: [meanRow(counting, seed)], letters: counting.map(letterRow) },
    notes: [
      `${words} words of one token after a token that begins a text, ${Math.round(HELD_OUT_SHARE * 100)} % held out`,
      ...(sinks > 0 ? [`${sinks} words left out as attention sinks`] : []),
      ...(left.length > 0 ? [`letters left out, probe F1 below ${probeF1} or no word: ${left.join(' ')}`] : []),
    ],
  }
}

const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const fractionOf = ({ words }: LetterResult) => average(words.map(({ fraction }) => fraction))
const fullOf = ({ words }: LetterResult) => average(words.map(({ full }) => (full ? 1 : 0)))

function meanRow(letters: readonly LetterResult[], seed: number): Row {
  const words = letters.reduce((sum, letter) => sum + letter.words.length, 0)
  const counts = { letters: letters.length, words }
  if (letters.length === 0) return { ...counts, fraction: null, full: null, split: null, probe: null }
  // Letters are drawn with replacement, and within each of them its words.
  const interval = (of: (letter: LetterResult) => number) => {
    const random = createRandom(`absorption bootstrap ${seed}`)
    return bootstrapInterval(average(letters.map(of)), DRAWS, () =>
      average(resample(random, letters).map((letter) => of({ ...letter, words: resample(random, letter.words) }))),
    )
  }
  return {
    ...counts,
    fraction: interval(fractionOf),
    full: interval(fullOf),
    split: average(letters.map(({ main }) => main.length)),
    probe: average(letters.map((letter) => letter.probeF1)),
  }
}

function letterRow(result: LetterResult): Row {
  return {
    letter: result.letter,
    words: result.words.length,
    fraction: fractionOf(result),
    fullWords: result.words.filter(({ full }) => full).length,
    full: fullOf(result),
    split: result.main.length,
    latents: result.main.map((latent) => `#${latent}`).join(' '),
    probe: result.probeF1,
  }
}
