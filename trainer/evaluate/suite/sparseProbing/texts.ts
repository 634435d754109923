/** The intervals of documents on which probes are trained and tested. */
import { setTimeout } from 'node:timers/promises'
import type { LabelledCorpus, LabelledDocument } from '../../../corpus/labelled'
import { LoupeError } from '../../../errors'
import { PADDING } from '../../../positions'
import { createRandom } from '../../../tensors/random'
import type { SparseProbingSettings } from './definition'

/** Texts of one split; a document is wholly in one. */
export interface Texts {
  /** `[n, textTokens]`, padding at the end of a short one. */
  tokens: Int32Array
  /** `[n]` index into the classes. */
  classes: Int32Array
  /** `[n]` index of the document in the corpus. */
  documents: Int32Array
}

export interface PlannedTexts {
  classes: string[]
  train: Texts
  test: Texts
  notes: string[]
}

/** An interval shorter than this share of a text is left out, unless its document is that short. */
const MIN_FILL = 0.25

/** More characters than almost any token has: limits how much of a document is encoded. */
const TOKEN_CHARACTERS = 8
/** Factor on an equal share, because some documents are short. */
const SPARE = 2

/**
 * For every class an equal number of texts from documents drawn by the seed, test documents apart from training ones.
 * Classes with fewer than two documents are left out; a note says so.
 */
export async function planTexts(
  corpus: LabelledCorpus,
  encode: (text: string) => number[],
  settings: SparseProbingSettings,
): Promise<PlannedTexts> {
  const byClass = new Map<string, number[]>()
  for (const [index, { label }] of corpus.documents.entries()) {
    byClass.set(label, [...(byClass.get(label) ?? []), index])
  }
  const all = [...byClass.keys()].sort()
  const classes = all.filter((label) => byClass.get(label)!.length >= 2)
  if (classes.length < 2) {
    throw new LoupeError('bad-input', `${corpus.name} has ${classes.length} class(es) of two or more documents`, {
      remedy: 'a probe needs two classes, each with a document to train on and one to test on',
    })
  }
  const split = { train: empty(), test: empty() }
  for (const [at, label] of classes.entries()) {
    const order = createRandom(`probing ${settings.seed} ${label}`).permutation(byClass.get(label)!.length)
    const documents = [...order].map((place) => byClass.get(label)![place]!)
    const share = settings.testTexts / (settings.testTexts + settings.trainTexts)
    const tests = Math.min(documents.length - 1, Math.max(1, Math.round(share * documents.length)))
    const take = (from: readonly number[], texts: number) =>
      takeTexts(corpus.documents, from, encode, { ...settings, wanted: Math.ceil(texts / classes.length), class: at })
    split.test.push(...take(documents.slice(0, tests), settings.testTexts))
    split.train.push(...take(documents.slice(tests), settings.trainTexts))
    // Encoding a class takes a second or more: a worker's heartbeat must run in between.
    await setTimeout(1)
  }
  const [train, test] = [pack(split.train, settings.textTokens), pack(split.test, settings.textTokens)]
  const left = all.filter((label) => !classes.includes(label))
  const notes = [
    `${corpus.name} (sha256 ${corpus.hash.slice(0, 12)}): ${classes.length} classes, ${train.classes.length} training ` +
      `and ${test.classes.length} test texts of ${settings.textTokens} tokens, no document in both`,
    ...(left.length > 0 ? [`left out because they have only one document: ${left.join(', ')}`] : []),
  ]
  return { classes, train, test, notes }
}

interface Stretch {
  ids: number[]
  class: number
  document: number
}

const empty = (): Stretch[] => []

/** Intervals of these documents in turn, so that even few texts come from many documents. */
function takeTexts(
  documents: readonly LabelledDocument[],
  from: readonly number[],
  encode: (text: string) => number[],
  { textTokens, wanted, class: at }: { textTokens: number; wanted: number; class: number },
): Stretch[] {
  const most = SPARE * Math.ceil(wanted / from.length)
  const intervals = from.slice(0, SPARE * wanted).map((document) => {
    const ids = encode(documents[document]!.text.slice(0, most * textTokens * TOKEN_CHARACTERS))
    const parts: Stretch[] = []
    for (let begin = 0; begin < ids.length && parts.length < most; begin += textTokens) {
      const part = ids.slice(begin, begin + textTokens)
      if (begin === 0 || part.length >= MIN_FILL * textTokens) parts.push({ ids: part, class: at, document })
    }
    return parts
  })
  const taken: Stretch[] = []
  for (let turn = 0; taken.length < wanted && intervals.some((parts) => parts.length > turn); turn++) {
    for (const parts of intervals) taken.push(...parts.slice(turn, turn + 1))
  }
  return taken.slice(0, wanted)
}

function pack(intervals: readonly Stretch[], textTokens: number): Texts {
  const tokens = new Int32Array(intervals.length * textTokens).fill(PADDING)
  for (const [row, { ids }] of intervals.entries()) tokens.set(ids, row * textTokens)
  return {
    tokens,
    classes: Int32Array.from(intervals, (stretch) => stretch.class),
    documents: Int32Array.from(intervals, ({ document }) => document),
  }
}
