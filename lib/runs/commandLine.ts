/** A training run as the line of the command line that starts it. */
import { FROM_HARVEST } from './fromHarvest'
import { shellWord, kebab, typedText } from '../base/settingsText'

export interface TrainRequest {
  harvest: string
  name?: string
  engine?: string
  /** The checkpoint it begins with: `RUN`, `RUN@best` or `RUN@STEP`. */
  from?: string | undefined
  /** `architecture` and its settings; the widths come from the harvest and are left out. */
  settings: Readonly<Record<string, unknown>>
}

/** A checkpoint as the command line and the API take it. By the id of its run: a name means the newest run of it. */
export const checkpointWord = ({ run, step }: { run: string; step: number | 'best' }) => `${run}@${step}`

export function trainCommand({ harvest, from, name, engine, settings }: TrainRequest): string {
  return commandOf({ harvest, from, ...settings, name, engine })
}

/** A sweep as the line that starts it; the file beside it holds its specification. */
export function sweepCommand(request: { harvest: string; name?: string | undefined; engine: string }): string {
  const { harvest, name, engine } = request
  return commandOf({ sweep: 'sweep.json', harvest, name, engine })
}

/** What is undefined is left out, and an engine that is the default. */
function commandOf(flags: Readonly<Record<string, unknown>>): string {
  const words = Object.entries(flags).flatMap(([key, value]) =>
    value === undefined || FROM_HARVEST.has(key) || (key === 'engine' && value === 'auto') ? [] : flagWords(key, value),
  )
  return ['npx loupe train', ...words].join(' ')
}

/** What is on or off is a flag without a value. */
function flagWords(key: string, value: unknown): string[] {
  if (typeof value === 'boolean') return [`--${value ? '' : 'no-'}${kebab(key)}`]
  return [`--${kebab(key)}`, shellWord(typedText(value))]
}
