import type { DictionaryFigures } from '../../lib/dictionarySummaries'
import { count } from '../ui/format'

/** Where figures come from, in words. */
export function measuredOn({ source, heldOut, tokens, engine, measuredAt }: DictionaryFigures): string {
  const what = source === 'evaluation' ? 'Evaluation' : 'Measured at the end of the run'
  const on = `${count(tokens)} ${heldOut ? 'held-out' : 'training'} tokens`
  return `${what}: ${on}, ${measuredAt.slice(0, 10)}, ${engine}`
}
