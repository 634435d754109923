/** A training run as the command that starts it. Forms use it too. */
import { kebab, shellWord, typedText } from '../base/settingsText'
import type { RunParent } from './schema'
import { FROM_HARVEST } from './settings'

export interface TrainCommand {
  harvest: string
  name?: string
  engine?: string
  /** The checkpoint it starts from: `RUN`, `RUN@best` or `RUN@STEP`. */
  from?: string | undefined
  /** `architecture` and its settings; the widths are left out, since the harvest decides them. */
  settings: Readonly<Record<string, unknown>>
}

/** A checkpoint as the command line and the API name it. By the run's id, since a name means its newest run. */
export const checkpointName = ({ run, step }: { run: string; step: number | 'best' }) => `${run}@${step}`

export function trainCommand({ harvest, from, name, engine, settings }: TrainCommand): string {
  return trainLine({ harvest, from, ...settings, name, engine })
}

/** The command that trains the weights of a run again, bit for bit on the same machine, under another name. */
export function againCommand(run: {
  name: string
  engine: string
  harvest: { name: string }
  /** Those that differ from their defaults. */
  settings: Readonly<Record<string, unknown>>
  parent: RunParent | null
}): string {
  const { name, engine, harvest, settings, parent } = run
  const from = parent ? checkpointName(parent) : undefined
  return trainCommand({ harvest: harvest.name, from, name: `${name}/again`, engine, settings })
}

/** `npx loupe train` with these flags. Undefined ones are left out, and an engine that is the default. */
export function trainLine(flags: Readonly<Record<string, unknown>>): string {
  const words = Object.entries(flags).flatMap(([key, value]) =>
    value === undefined || FROM_HARVEST.has(key) || (key === 'engine' && value === 'auto') ? [] : flagWords(key, value),
  )
  return ['npx loupe train', ...words].join(' ')
}

/** A boolean is a flag without a value. */
function flagWords(key: string, value: unknown): string[] {
  if (typeof value === 'boolean') return [`--${value ? '' : 'no-'}${kebab(key)}`]
  return [`--${kebab(key)}`, shellWord(typedText(value))]
}
