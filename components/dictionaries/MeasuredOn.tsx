import type { DictionaryFigures } from '../../lib/catalog/schema'
import { Engine } from '../ui/Engine'
import { count } from '../ui/format'

/** Where figures come from: what measured them, on which tokens, when, and on which engine. */
export function MeasuredOn({ figures }: { figures: DictionaryFigures }) {
  return (
    <>
      {withoutEngine(figures)}, <Engine>{figures.engine}</Engine>
    </>
  )
}

/** The same as text, with the full fingerprint of the engine, for titles. */
export function measuredOn(figures: DictionaryFigures): string {
  return `${withoutEngine(figures)}, ${figures.engine}`
}

function withoutEngine(figures: DictionaryFigures): string {
  const { source, heldOut, tokens, explainedVarianceTokens, crossEntropyTokens, measuredAt } = figures
  const what = source === 'evaluation' ? 'Evaluation' : 'Measured at the end of the run'
  const on = `${count(tokens)} ${heldOut ? 'held-out' : 'training'} tokens`
  const others = [
    ...(explainedVarianceTokens === tokens ? [] : [`explained variance on ${count(explainedVarianceTokens)}`]),
    ...(crossEntropyTokens === null ? [] : [`cross-entropy on ${count(crossEntropyTokens)}`]),
  ]
  return `${what}: ${[on, ...others].join(', ')}, ${measuredAt.slice(0, 10)}`
}
