import type { HarvestProvenance } from '../trainer/store/provenance'
import { shellWord } from './shell'

/** The line of the command line that makes a harvest, or finds it. */
export function harvestCommand({
  name,
  corpus,
  provenance: { model, hook, tokens, contextSize, dtype, seed },
}: {
  name: string
  corpus: { source: string }
  provenance: HarvestProvenance
}): string {
  const flags = { model, hook, corpus: corpus.source, tokens, context: contextSize, dtype, seed, name }
  const words = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, shellWord(String(value))])
  return ['npx loupe harvest', ...words].join(' ')
}
