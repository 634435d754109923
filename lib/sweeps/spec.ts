/** What a sweep is asked for, as files and requests give it. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { LoupeError } from '../../trainer/errors'
import { parseWith } from '../../trainer/sae/dictionaryConfig'
import { architectureNamed, architectureNames } from '../../trainer/sae/registry'
import { expandSweep, MOST_RUNS, type SettingsOf, type SweepRun } from './expand'

const MOST_VALUES = 64
const settings = z.record(z.string(), z.unknown())

/** The fields, for routes that add their own. */
export const sweepFields = {
  base: settings.default({}).describe('Settings that all runs share, for the architectures that take them'),
  grid: z
    .record(z.string(), z.array(z.unknown()).min(1).max(MOST_VALUES))
    .optional()
    .describe(
      'Lists of values by setting, "architecture" among them: every combination is a run. A setting reaches the ' +
        'architectures that take it; combinations that come out equal are one run',
    ),
  runs: z
    .array(settings)
    .min(1)
    .max(MOST_RUNS)
    .optional()
    .describe('Instead of a grid: the settings of each run, over those of "base"'),
}

/** Exactly one of `grid` and `runs`. */
export const isOneKind = ({ grid, runs }: { grid?: unknown; runs?: unknown }) =>
  (grid ?? runs) !== undefined && !(grid && runs)
export const ONE_KIND = { error: 'give "grid", or "runs", and not both', path: ['grid'] }

export const SweepSpec = z.strictObject(sweepFields).refine(isOneKind, ONE_KIND)
export type SweepSpec = z.output<typeof SweepSpec>

/** @throws LoupeError naming the file and what is wrong with it */
export function readSweepFile(path: string): SweepSpec {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new LoupeError('bad-usage', `--sweep: "${path}" cannot be read: ${(cause as Error).message}`, { cause })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new LoupeError('bad-input', `${path} is not JSON: ${(cause as Error).message}`, { cause })
  }
  return parseWith(SweepSpec, value, path)
}

/** The runs that a specification stands for. */
export function sweepRuns(spec: SweepSpec): SweepRun[] {
  return expandSweep(spec, settingsOf)
}

const settingsOf: SettingsOf = (architecture) => {
  if (!architectureNames().includes(architecture)) return undefined
  const { shape } = architectureNamed(architecture).schema as z.ZodObject
  // The width of the activations comes from the harvest.
  return Object.keys(shape).filter((name) => name !== 'd_in')
}
