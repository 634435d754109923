/** Sparse probing, computed. */
import { setTimeout } from 'node:timers/promises'
import { brownByGenre, readLabelled } from '../../../corpus/labelled'
import { LoupeError } from '../../../errors'
import { bootstrapInterval, drawCounts, type Interval } from '../../../tensors/bootstrap'
import { createRandom } from '../../../tensors/random'
import type { Row, SuiteResult } from '../definition'
import { balancedAccuracy, largest, meanDifferences, predicted } from '../kSparse'
import type { Rows } from '../logistic'
import type { SuiteRunner } from '../runner'
import { PROBE_SIZES, type SparseProbingSettings } from './definition'
import { poolTexts, type Pooled } from './pool'
import { planTexts, type PlannedTexts, type Texts } from './texts'

const DRAWS = 500

/** One part: probes need all texts, and pooled texts are too large to keep between parts. */
export const sparseProbingRunner: SuiteRunner<SparseProbingSettings, SuiteResult> = {
  plan({ trainTexts, testTexts, textTokens }) {
    return [{ from: 0, to: trainTexts + testTexts, tokens: (trainTexts + testTexts) * textTokens }]
  },

  async run(settings, part, input, stage) {
    const corpus = settings.labelled === undefined ? brownByGenre() : readLabelled(settings.labelled)
    const { n_ctx } = input.model.config
    if (settings.textTokens > n_ctx) {
      throw new LoupeError('bad-input', `texts of ${settings.textTokens} tokens do not fit a context of ${n_ctx}`, {
        remedy: 'use a smaller --text-tokens',
      })
    }
    const texts = await planTexts(corpus, (text) => input.tokenizer.encode(text), settings)
    const total = texts.train.tokens.length + texts.test.tokens.length
    const scaled = (done: number) => stage.report((done / total) * part.tokens, part.tokens)
    const pool = ({ tokens }: Texts, before: number) =>
      poolTexts(input, tokens, settings.textTokens, { ...stage, report: (done) => scaled(before + done) })
    const train = await pool(texts.train, 0)
    const test = await pool(texts.test, texts.train.tokens.length)
    const probed: ClassProbes[] = []
    for (const [at] of texts.classes.entries()) {
      if (stage.signal.aborted) throw new LoupeError('cancelled', 'the evaluation was cancelled')
      probed.push(probeClass(train, test, membership(texts.train, at), membership(texts.test, at)))
      await setTimeout(1)
    }
    return { tables: tables(texts, probed, settings.seed), notes: texts.notes }
  },

  finish: (_settings, [result]) => result!,
}

/** Predictions for the test texts, by probe. */
interface ClassProbes {
  latent: number
  positive: Uint8Array
  trainTexts: number
  /** By size, in the order of `PROBE_SIZES`, then all channels. */
  latents: Uint8Array[]
  channels: Uint8Array[]
}

function membership({ classes }: Texts, at: number): Uint8Array {
  return Uint8Array.from(classes, (each) => (each === at ? 1 : 0))
}

function probeClass(train: Pooled, test: Pooled, trained: Uint8Array, positive: Uint8Array): ClassProbes {
  const best = (rows: Rows, count: number) => largest(meanDifferences(rows, trained).map(Math.abs), count)
  const most = Math.max(...PROBE_SIZES)
  const [latents, channels] = [best(train.latents, most), best(train.channels, most)]
  const all = Array.from({ length: train.channels.width }, (_, column) => column)
  const probe = (of: keyof Pooled, columns: number[]) => predicted(train[of], trained, test[of], columns).predictions
  return {
    latent: latents[0]!,
    positive,
    trainTexts: trained.reduce((sum, each) => sum + each, 0),
    latents: PROBE_SIZES.map((k) => probe('latents', latents.slice(0, k))),
    channels: [...PROBE_SIZES.map((k) => probe('channels', channels.slice(0, k))), probe('channels', all)],
  }
}

function tables(texts: PlannedTexts, probed: readonly ClassProbes[], seed: number): SuiteResult['tables'] {
  const mean = (of: 'latents' | 'channels', at: number) => intervalOf(texts.test, probed, seed, of, at)
  const sized = (of: 'latents' | 'channels') =>
    Object.fromEntries(PROBE_SIZES.map((k, at) => [`k${k}`, mean(of, at)] as const))
  return {
    mean: [
      { probe: 'latents', ...sized('latents'), all: null },
      { probe: 'channels', ...sized('channels'), all: mean('channels', PROBE_SIZES.length) },
    ],
    classes: texts.classes.map((label, at) => classRow(label, probed[at]!)),
  }
}

function classRow(label: string, { latent, positive, trainTexts, latents, channels }: ClassProbes): Row {
  const accuracy = (predictions: Uint8Array) => balancedAccuracy(predictions, positive)
  return {
    class: label,
    train: trainTexts,
    test: positive.reduce((sum, each) => sum + each, 0),
    latent: `#${latent}`,
    ...Object.fromEntries(PROBE_SIZES.map((k, at) => [`k${k}`, accuracy(latents[at]!)])),
    ...Object.fromEntries(PROBE_SIZES.map((k, at) => [`channels${k}`, accuracy(channels[at]!)])),
    all: accuracy(channels[PROBE_SIZES.length]!),
  }
}

/** The mean over classes; whole documents of the test texts are drawn with replacement for its interval. */
function intervalOf(
  { documents }: Texts,
  probed: readonly ClassProbes[],
  seed: number,
  of: 'latents' | 'channels',
  at: number,
): Interval {
  const average = (weight?: Float64Array) => {
    const accuracies = probed.flatMap((each) => balancedAccuracy(each[of][at]!, each.positive, weight) ?? [])
    return accuracies.reduce((sum, value) => sum + value, 0) / accuracies.length
  }
  const distinct = [...new Set(documents)]
  const random = createRandom(`probing bootstrap ${seed}`)
  return bootstrapInterval(average(), DRAWS, () => {
    const times = drawCounts(random, distinct.length)
    const byDocument = new Map(distinct.map((document, place) => [document, times[place]!]))
    return average(Float64Array.from(documents, (document) => byDocument.get(document)!))
  })
}
