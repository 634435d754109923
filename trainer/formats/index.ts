/** Every dictionary format, listed once. A new format is its file, its golden files, a case in formats.test.ts and a line here. */
import { Registry } from '../registry'
import { attentionSaes } from './attentionSaes'
import { dictionaryLearning } from './dictionaryLearning'
import type { DictionaryFormat } from './format'
import { gemmaScope } from './gemmaScope'
import { openai } from './openai'
import { saelens } from './saelens'
import { sparsify } from './sparsify'

/** Where the files of a folder fit several formats, the first one reads them. */
const FORMATS: readonly DictionaryFormat[] = [saelens, dictionaryLearning, sparsify, gemmaScope, attentionSaes, openai]

const byName = new Registry('dictionary format', FORMATS)

export const formatNames: readonly string[] = byName.names

/** @throws LoupeError naming the nearest known format */
export function dictionaryFormat(name: string): DictionaryFormat {
  return byName.named(name)
}

/** The format of that name; every format where no name is known. */
export function candidateFormats(name?: string): readonly DictionaryFormat[] {
  return name === undefined ? FORMATS : [dictionaryFormat(name)]
}
