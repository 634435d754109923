/** The form of a new run as an address: everything that was typed, under the names of the settings. */
import { typedText } from '../../lib/typed'
import type { RunDetail } from './types'

/** The form, filled in as this run was. */
export function newRunAddress({ harvest, engine, settings }: RunDetail): string {
  const given = Object.entries(settings).filter(([name]) => name !== 'd_in')
  const query = new URLSearchParams(given.map(([name, value]) => [name, typedText(value)]))
  query.set('harvest', harvest.name)
  if (engine !== 'auto') query.set('engine', engine)
  return `/runs/new?${query.toString()}`
}
