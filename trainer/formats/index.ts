/** Every dictionary format, listed once. A new one is its file, its test and a line here. */
import { unknownName } from '../errors'
import { attentionSaes } from './attentionSaes'
import { dictionaryLearning } from './dictionaryLearning'
import type { DictionaryFormat } from './format'
import { gemmaScope } from './gemmaScope'
import { openai } from './openai'
import { saelens } from './saelens'
import { sparsify } from './sparsify'

/** Where the files of a folder fit several, the first takes them. */
const FORMATS: readonly DictionaryFormat[] = [saelens, dictionaryLearning, sparsify, gemmaScope, attentionSaes, openai]

export const formatNames: readonly string[] = FORMATS.map((format) => format.name)

/** @throws LoupeError naming the nearest known format */
export function dictionaryFormat(name: string): DictionaryFormat {
  const found = FORMATS.find((format) => format.name === name)
  if (!found) throw unknownName('dictionary format', name, formatNames)
  return found
}

/** The formats that may be meant: the one of that name, or all. */
export function candidateFormats(name?: string): readonly DictionaryFormat[] {
  return name === undefined ? FORMATS : [dictionaryFormat(name)]
}
