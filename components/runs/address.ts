/** The form of a new run as an address: everything that was typed, under the names of the settings. */
import { FROM_HARVEST } from '../../lib/fromHarvest'
import { typedText } from '../../lib/typed'
import type { RunDetail } from './types'

/** The form, filled in as this run was. */
export function newRunAddress({ harvest, engine, settings }: RunDetail): string {
  const given = Object.entries(settings).filter(([name]) => !FROM_HARVEST.has(name))
  const query = new URLSearchParams(given.map(([name, value]) => [name, typedText(value)]))
  query.set('harvest', harvest.name)
  if (engine !== 'auto') query.set('engine', engine)
  return `/runs/new?${query.toString()}`
}
