/** The form of a new run as an address: everything that was typed, under the names of the settings. */
import { FROM_HARVEST } from '../../lib/fromHarvest'
import { checkpointWord } from '../../lib/trainCommandLine'
import { typedText } from '../../lib/typed'
import type { RunDetail } from './types'

/**
 * The form, filled in as this run was.
 * @param from the checkpoint to begin with; that of this run unless given
 */
export function newRunAddress(
  { harvest, engine, settings, parent }: RunDetail,
  from = parent ? checkpointWord(parent) : undefined,
): string {
  const given = Object.entries(settings).filter(([name]) => !FROM_HARVEST.has(name))
  const query = new URLSearchParams(given.map(([name, value]) => [name, typedText(value)]))
  query.set('harvest', harvest.name)
  if (engine !== 'auto') query.set('engine', engine)
  if (from !== undefined) query.set('from', from)
  return `/runs/new?${query.toString()}`
}
