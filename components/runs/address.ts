/** The form of a new run as an address: what is typed, by the names of the fields. */
import { checkpointName } from '../../lib/runs/command'
import type { RunDetail } from '../../lib/runs/schema'
import { FROM_HARVEST } from '../../lib/runs/settings'
import { typedText } from '../../lib/base/settingsText'

/**
 * The form with the settings of this run.
 * @param step the checkpoint of this run to start from. Default: the checkpoint that this run started from, if any
 */
export function newRunAddress(
  { id, harvest, engine, settings, parent }: Pick<RunDetail, 'id' | 'harvest' | 'engine' | 'settings' | 'parent'>,
  step?: number | 'best',
): string {
  const checkpoint = step === undefined ? parent : { run: id, step }
  const shown = Object.entries(settings).filter(([name]) => !FROM_HARVEST.has(name))
  const query = new URLSearchParams(shown.map(([name, value]) => [name, typedText(value)]))
  query.set('harvest', harvest.name)
  if (engine !== 'auto') query.set('engine', engine)
  if (checkpoint) query.set('from', checkpointName(checkpoint))
  return `/runs/new?${query.toString()}`
}
