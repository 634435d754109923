/** What a sweep is: the specification of its runs, how it is planned, listed and shown. */
import { z } from 'zod'
import { Named, timestamp } from '../base/fields'
import { DictionaryFigures } from '../catalog/schema'
import { workers } from '../jobs/schema'
import { RunSummary, trainingFields } from '../runs/schema'

const MOST_VALUES = 64
export const MOST_RUNS = 64

/** Settings of a run, without the widths that the harvest decides. */
const settings = z.record(z.string(), z.unknown())
export type Settings = Readonly<z.output<typeof settings>>

const specFields = {
  base: settings.default({}).describe('Settings that all runs share, for the architectures that take them'),
  grid: z
    .record(z.string(), z.array(z.unknown()).min(1).max(MOST_VALUES))
    .optional()
    .describe(
      'Lists of values by setting, "architecture" among them: every combination is a run. A setting reaches the ' +
        'architectures that take it; equal combinations are one run',
    ),
  runs: z
    .array(settings)
    .min(1)
    .max(MOST_RUNS)
    .optional()
    .describe('Instead of a grid: the settings of each run, which override those of "base"'),
}

/** Exactly one of `grid` and `runs`. */
const isOneKind = ({ grid, runs }: { grid?: unknown; runs?: unknown }) =>
  (grid ?? runs) !== undefined && !(grid && runs)
const ONE_KIND = { error: 'expected either "grid" or "runs"', path: ['grid'] }

/** Settings that all runs share, with either lists of values to combine or the runs one by one. */
export const SweepSpec = z.strictObject(specFields).refine(isOneKind, ONE_KIND)
export type SweepSpec = z.output<typeof SweepSpec>

export const SweepRequest = z
  .strictObject({
    ...trainingFields({
      maxLength: 120,
      description: 'Name of the sweep; the names of its runs start with it. Default: the harvest’s name, numbered',
    }),
    ...specFields,
  })
  .refine(isOneKind, ONE_KIND)
export type SweepRequest = z.output<typeof SweepRequest>

const runs = (state: string) => z.int().describe(`Runs that ${state}`)

export const SweepSummary = z.strictObject({
  id: z.string().describe('Id'),
  name: z.string().describe('Name; the names of its runs start with it'),
  harvest: RunSummary.shape.harvest,
  architectures: z.array(z.string()).describe('Kinds of sparse autoencoders in it'),
  runs: z.strictObject({
    all: z.int().describe('Runs in total'),
    pending: runs('wait in the queue'),
    running: runs('have started'),
    finished: runs('are finished'),
    failed: runs('failed'),
    cancelled: runs('were cancelled'),
  }),
  steps: z.strictObject({
    done: z.int().describe('Steps done, over all runs'),
    total: z.int().describe('Steps in total, over all runs'),
  }),
  createdAt: timestamp('When the sweep was created'),
})
export type SweepSummary = z.output<typeof SweepSummary>

export const SweepFigures = z.strictObject({
  ...DictionaryFigures.shape,
  source: z
    .enum([...DictionaryFigures.shape.source.options, 'training'])
    .describe(
      'The newest evaluation, else the figures that the run measured at its end, else ("training") its newest ' +
        'held-out figures: it is unfinished, failed or cancelled',
    ),
  measuredAt: timestamp('When they were measured; null with "training", where the time is not stored').nullable(),
})
export type SweepFigures = z.output<typeof SweepFigures>

export const SweepRun = z.strictObject({
  ...RunSummary.shape,
  label: z.string().describe('The settings in which it differs from the other runs of the sweep'),
  settings: settings.describe('Its settings in the specification; the others are defaults'),
  figures: SweepFigures.nullable().describe('Null before the first were measured'),
})
export type SweepRun = z.output<typeof SweepRun>

export const SweepDetail = z.strictObject({
  ...SweepSummary.shape,
  spec: z.strictObject(specFields).describe('Its specification'),
  varied: z.array(z.string()).describe('Settings in which the runs differ'),
  members: z.array(SweepRun).describe('Its runs, in its order'),
})
export type SweepDetail = z.output<typeof SweepDetail>

export const SweepList = z.strictObject({ sweeps: z.array(SweepSummary).describe('Newest first'), workers })
export type SweepList = z.output<typeof SweepList>

export const SweepAnswer = z.strictObject({ sweep: SweepDetail, workers })
export type SweepAnswer = z.output<typeof SweepAnswer>

export const SweepPlan = z.strictObject({
  name: z.string().describe('Name that the sweep would have'),
  runs: z.array(
    z.strictObject({
      label: z.string().describe('The settings in which it differs from the other runs'),
      name: z.string().describe('Name of the run and of its dictionary'),
      steps: z.int().describe('Steps in total'),
      bytes: z.number().describe('Memory that the worker needs'),
      seconds: z
        .number()
        .nullable()
        .describe('On one worker, from the speed of similar earlier runs; null if there is no similar run'),
    }),
  ),
})
export type SweepPlan = z.output<typeof SweepPlan>

/** The answer to an action on a sweep. */
export const SweepJobs = z.strictObject({ sweep: Named, jobs: z.int().describe('Its jobs that are now in the queue') })
