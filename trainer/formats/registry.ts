/** Every dictionary format, listed once. A new one is its file, its test and a line here. */
import { unknownName } from '../errors'
import type { DictionaryFormat } from './format'
import { saelens } from './saelens'

const FORMATS: readonly DictionaryFormat[] = [saelens]

export const formatNames: readonly string[] = FORMATS.map((format) => format.name)

/** @throws LoupeError naming the nearest known format */
export function dictionaryFormat(name: string): DictionaryFormat {
  const found = FORMATS.find((format) => format.name === name)
  if (!found) throw unknownName('dictionary format', name, formatNames)
  return found
}
