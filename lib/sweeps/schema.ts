/** What a sweep is asked for, as files and requests give it. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { LoupeError } from '../../trainer/errors'
import { parseWith } from '../../trainer/sae/dictionary/config'
import { architectureNamed, architectureNames } from '../../trainer/sae/architectures'
import { expandSweep, MOST_RUNS, type SettingsOf, type SweepRun as ExpandedRun } from './expand'
import { DictionaryFigures } from '../dictionaries/schema'
import { RunSummary } from '../runs/schema'
import { timestamp, Named, workers } from '../base/fields'

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
export function sweepRuns(spec: SweepSpec): ExpandedRun[] {
  return expandSweep(spec, settingsOf)
}

const settingsOf: SettingsOf = (architecture) => {
  if (!architectureNames().includes(architecture)) return undefined
  const { shape } = architectureNamed(architecture).schema as z.ZodObject
  // The width of the activations comes from the harvest.
  return Object.keys(shape).filter((name) => name !== 'd_in')
}

// MERGED HEADER of lib/sweeps/schema.ts: What the API says of sweeps.

const runs = (state: string) => z.int().describe(`Runs that ${state}`)

export const SweepSummary = z.strictObject({
  id: z.string().describe('Id'),
  name: z.string().describe('Name; those of its runs begin with it'),
  harvest: RunSummary.shape.harvest,
  architectures: z.array(z.string()).describe('Kinds of sparse autoencoders in it'),
  runs: z.strictObject({
    all: z.int().describe('Runs in all'),
    pending: runs('wait in the queue'),
    running: runs('have begun'),
    finished: runs('are finished'),
    failed: runs('failed'),
    cancelled: runs('were cancelled'),
  }),
  steps: z.strictObject({
    done: z.int().describe('Steps taken, over all runs'),
    total: z.int().describe('Steps in all'),
  }),
  createdAt: timestamp('When it was asked for'),
})

const SweepFigures = z.strictObject({
  ...DictionaryFigures.shape,
  source: z
    .enum([...DictionaryFigures.shape.source.options, 'training'])
    .describe(
      'The newest evaluation, else what the run measured of itself at its end, else along it: it is unfinished, failed or cancelled',
    ),
  measuredAt: timestamp('When; null with “training”').nullable(),
})

export const SweepRun = z.strictObject({
  ...RunSummary.shape,
  label: z.string().describe('What tells it from the others of the sweep'),
  settings: z.record(z.string(), z.unknown()).describe('Its settings as the sweep gives them'),
  figures: SweepFigures.nullable().describe('Null before the first were measured'),
})

export const SweepDetail = z.strictObject({
  ...SweepSummary.shape,
  spec: z.strictObject(sweepFields).describe('As asked for'),
  varied: z.array(z.string()).describe('Settings in which the runs differ'),
  members: z.array(SweepRun).describe('Its runs, in its order'),
})

export const SweepList = z.strictObject({ sweeps: z.array(SweepSummary).describe('Newest first'), workers })
export const SweepAnswer = z.strictObject({ sweep: SweepDetail, workers })

export const SweepPlan = z.strictObject({
  name: z.string().describe('What the sweep would be called'),
  runs: z.array(
    z.strictObject({
      label: z.string().describe('What tells it from the others'),
      name: z.string().describe('Name of the run and of its dictionary'),
      steps: z.int().describe('Steps in all'),
      bytes: z.number().describe('Memory that the worker needs'),
      seconds: z
        .number()
        .nullable()
        .describe('By the speed of earlier runs like it, on one worker; null where there are none'),
    }),
  ),
})

export const Begun = z.strictObject({ sweep: Named, jobs: z.int().describe('Jobs of it in the queue') })
