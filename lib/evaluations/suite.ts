/** Which parts of the suite a dictionary can be measured by. */
import { SUITE, SUITE_NAMES, type SuiteName } from '../../trainer/evaluate/suite'
import type { SuiteDefinition } from '../../trainer/evaluate/suite/definition'
import { isTranscoder, type DictionarySite } from '../../trainer/sae/dictionary/site'

/** Parts that a dictionary cannot be measured by, with the reason. */
export function unfitParts(row: Pick<DictionarySite, 'config'>): { name: SuiteName; label: string; why: string }[] {
  if (!isTranscoder(row)) return []
  return SUITE_NAMES.flatMap((name) => {
    const { label, needsOwnHook: why }: SuiteDefinition = SUITE[name]
    return why === undefined ? [] : [{ name, label, why }]
  })
}
