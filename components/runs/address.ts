/** The form of a new run as an address: everything that was typed, under the names of the settings. */
import { FROM_HARVEST } from '../../lib/runs/fromHarvest'
import { checkpointWord } from '../../lib/runs/commandLine'
import { typedText } from '../../lib/base/settingsText'
import type { RunDetail } from './types'

/**
 * The form, filled in as this run was.
 * @param own the checkpoint of this run to begin with; that which this one was begun from, if any, unless given
 */
export function newRunAddress(
  { id, harvest, engine, settings, parent }: Pick<RunDetail, 'id' | 'harvest' | 'engine' | 'settings' | 'parent'>,
  own?: number | 'best',
): string {
  const begin = own === undefined ? parent : { run: id, step: own }
  const given = Object.entries(settings).filter(([name]) => !FROM_HARVEST.has(name))
  const query = new URLSearchParams(given.map(([name, value]) => [name, typedText(value)]))
  query.set('harvest', harvest.name)
  if (engine !== 'auto') query.set('engine', engine)
  if (begin) query.set('from', checkpointWord(begin))
  return `/runs/new?${query.toString()}`
}
