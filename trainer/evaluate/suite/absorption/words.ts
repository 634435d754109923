/** Words of the vocabulary, by first letter. */
import { LoupeError } from '../../../errors'
import type { LoupeTokenizer } from '../../../model/types'
import { createRandom } from '../../../tensors/random'

export interface Word {
  id: number
  letter: string
}

/** Words of a letter that a probe needs for training and testing. */
const MIN_WORDS = 10

/**
 * Words of one token with a leading space, made of letters only, drawn by the seed; with a capital letter a word counts as
 * another. Letters with too few words are left out.
 */
export function drawWords(tokenizer: LoupeTokenizer, wanted: number, seed: number): Word[] {
  const words: Word[] = []
  for (let id = 0; id < tokenizer.vocabularySize; id++) {
    const letter = /^ ([a-zA-Z])[a-zA-Z]*$/.exec(tokenizer.tokenText(id))?.[1]
    if (letter) words.push({ id, letter: letter.toLowerCase() })
  }
  const order = createRandom(`words ${seed}`).permutation(words.length)
  const drawn = [...order.subarray(0, wanted)].map((at) => words[at]!)
  const counts = new Map<string, number>()
  for (const { letter } of drawn) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  const kept = drawn.filter(({ letter }) => counts.get(letter)! >= MIN_WORDS)
  if (new Set(kept.map(({ letter }) => letter)).size >= 2) return kept
  throw new LoupeError('unsupported', `the vocabulary has too few words of one token: ${words.length}`, {
    remedy: 'absorption can only be measured on models whose vocabulary contains whole words',
  })
}

/** The token before a word: the one that begins texts, so that the word is not at the first position. */
export function beginning(tokenizer: LoupeTokenizer): number {
  const { specialIds } = tokenizer
  return specialIds.bos ?? specialIds.eos ?? tokenizer.encode('\n')[0] ?? 0
}
