/** On the server. */
import type { DictionaryRow } from '../../lib/dictionaries/rows'
import { fittingHarvests } from '../../lib/harvests/rows'
import { webDatabase } from '../../lib/web/resources'

/** The harvests that a dictionary may be measured on; undefined where it is known which one it was trained on. */
export async function harvestChoices(row: DictionaryRow): Promise<{ id: string; name: string }[] | undefined> {
  return row.origin === 'import' ? fittingHarvests(webDatabase(), row) : undefined
}
