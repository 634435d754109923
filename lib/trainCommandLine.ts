/** A training run as the line of the command line that starts it. */
import { FROM_HARVEST } from './fromHarvest'
import { shellWord } from './shell'
import { kebab, typedText } from './typed'

export interface TrainRequest {
  harvest: string
  name?: string
  engine?: string
  /** `architecture` and its settings; the widths come from the harvest and are left out. */
  settings: Readonly<Record<string, unknown>>
}

export function trainCommand({ harvest, name, engine, settings }: TrainRequest): string {
  const flags = { harvest, ...settings, name, engine: engine === 'auto' ? undefined : engine }
  const words = Object.entries(flags).flatMap(([key, value]) =>
    value === undefined || FROM_HARVEST.has(key) ? [] : flagWords(key, value),
  )
  return ['npx loupe train', ...words].join(' ')
}

/** What is on or off is a flag without a value. */
function flagWords(key: string, value: unknown): string[] {
  if (typeof value === 'boolean') return [`--${value ? '' : 'no-'}${kebab(key)}`]
  return [`--${kebab(key)}`, shellWord(typedText(value))]
}
