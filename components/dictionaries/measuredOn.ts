import type { DictionaryFigures } from '../../lib/dictionaries/view'
import { count } from '../ui/format'

/** Where figures come from, in words. */
export function measuredOn(figures: DictionaryFigures): string {
  const { source, heldOut, tokens, explainedVarianceTokens, crossEntropyTokens, engine, measuredAt } = figures
  const what = source === 'evaluation' ? 'Evaluation' : 'Measured at the end of the run'
  const on = `${count(tokens)} ${heldOut ? 'held-out' : 'training'} tokens`
  const others = [
    ...(explainedVarianceTokens === tokens ? [] : [`explained variance on ${count(explainedVarianceTokens)}`]),
    ...(crossEntropyTokens === null ? [] : [`cross-entropy on ${count(crossEntropyTokens)}`]),
  ]
  return `${what}: ${[on, ...others].join(', ')}, ${measuredAt.slice(0, 10)}, ${engine}`
}
