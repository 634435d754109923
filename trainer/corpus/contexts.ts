/**
 * From documents to contexts: which intervals of which documents a harvest runs, split into training and held-out
 * documents. A pure function of (corpus, tokenizer, options), so every worker and every rerun has the same contexts.
 */
import { createHash } from 'node:crypto'
import { LoupeError } from '../errors'
import { PADDING } from '../positions'
import type { Stage } from '../progress'
import { createRandom } from '../tensors/random'
import type { Document } from './types'

/** Share of the documents that training never sees. */
export const HELD_OUT_SHARE = 0.2

/** Contexts taken from a document before the next document, so that a short harvest covers many documents. */
const CONTEXTS_PER_TURN = 8

/** A last interval shorter than this share of a context is dropped, unless its document has no other. */
const MIN_FILL = 0.25

export interface ContextOptions {
  contextSize: number
  /** Tokens requested for both splits together; a small corpus has fewer. */
  tokens: number
  seed: number
}

export interface ContextSplit {
  /** `[n, contextSize]` token ids; `PADDING` fills a short context. */
  tokens: Int32Array
  /** `[n]` index of each context's document in the corpus. */
  documents: Int32Array
  /** Tokens that are not padding. */
  realTokens: number
}

export interface ContextPlan {
  train: ContextSplit
  heldOut: ContextSplit
}

export function planContexts(
  documents: readonly Document[],
  encode: (text: string) => number[],
  options: ContextOptions,
  stage: Stage,
): ContextPlan {
  const heldOutTokens = Math.round(options.tokens * HELD_OUT_SHARE)
  const { train, heldOut } = splitDocuments(documents, options.seed)
  let done = 0
  const take = (indices: readonly number[], tokens: number) => {
    return takeContexts(documents, indices, encode, { ...options, tokens }, (count) => {
      if (stage.signal.aborted) throw new LoupeError('cancelled', 'choosing contexts was interrupted')
      stage.report((done += count), options.tokens)
    })
  }
  return { train: take(train, options.tokens - heldOutTokens), heldOut: take(heldOut, heldOutTokens) }
}

/** By a hash of seed, name and index, so that a new document at the end moves no other document to the other split. */
export function splitDocuments(documents: readonly Document[], seed: number): { train: number[]; heldOut: number[] } {
  const position = documents.map(({ name }, index) => {
    const digest = createHash('sha256').update(`${seed}\0${name}\0${index}`).digest()
    return digest.readUInt32LE(0) / 2 ** 32
  })
  const order = position.map((_, index) => index).sort((a, b) => position[a]! - position[b]!)
  const below = order.filter((index) => position[index]! < HELD_OUT_SHARE)
  // A small corpus can miss the share by chance. Each split must have at least one document.
  const count = Math.min(Math.max(below.length, 1), documents.length - 1)
  return { heldOut: order.slice(0, count), train: order.slice(count) }
}

function takeContexts(
  documents: readonly Document[],
  indices: readonly number[],
  encode: (text: string) => number[],
  options: ContextOptions,
  onTaken: (tokens: number) => void,
): ContextSplit {
  const pending = new Map<number, Int32Array[]>()
  const chosen: { document: number; ids: Int32Array }[] = []
  let realTokens = 0
  for (let turn = 0; realTokens < options.tokens; turn++) {
    let isTaken = false
    for (const document of indices) {
      if (realTokens >= options.tokens) break
      if (turn === 0) pending.set(document, shuffledContexts(documents[document]!, document, encode, options))
      const contexts = pending.get(document)!.splice(0, CONTEXTS_PER_TURN)
      for (const ids of contexts) {
        if (realTokens >= options.tokens) break
        chosen.push({ document, ids })
        realTokens += ids.length
        isTaken = true
        onTaken(ids.length)
      }
    }
    if (!isTaken) break
  }
  return pack(chosen, options.contextSize, realTokens)
}

function shuffledContexts(
  { text }: Document,
  index: number,
  encode: (text: string) => number[],
  { contextSize, seed }: ContextOptions,
): Int32Array[] {
  const ids = encode(text)
  const contexts: Int32Array[] = []
  for (let from = 0; from < ids.length; from += contextSize) {
    const part = Int32Array.from(ids.slice(from, from + contextSize))
    if (part.length >= MIN_FILL * contextSize || contexts.length === 0) contexts.push(part)
  }
  return [...createRandom(`contexts ${seed} ${index}`).permutation(contexts.length)].map((at) => contexts[at]!)
}

function pack(chosen: { document: number; ids: Int32Array }[], contextSize: number, realTokens: number): ContextSplit {
  const tokens = new Int32Array(chosen.length * contextSize).fill(PADDING)
  for (const [row, { ids }] of chosen.entries()) tokens.set(ids, row * contextSize)
  return { tokens, documents: Int32Array.from(chosen, ({ document }) => document), realTokens }
}
