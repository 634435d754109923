import type { HarvestProvenance } from '../../trainer/store/provenance'
import { shellWord } from '../base/settingsText'

/** The line of the command line that makes a harvest, or finds it. */
export function harvestCommand({
  name,
  corpus,
  provenance: { model, hook, targetHook, gradients, tokens, contextSize, dtype, seed },
}: {
  name: string
  corpus: { source: string }
  provenance: HarvestProvenance
}): string {
  const beside = { ...(targetHook === undefined ? {} : { 'target-hook': targetHook }) }
  const flags = { model, hook, ...beside, corpus: corpus.source, tokens, context: contextSize, dtype, seed, name }
  const words = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, shellWord(String(value))])
  return ['npx loupe harvest', ...words, ...(gradients ? ['--gradients'] : [])].join(' ')
}
