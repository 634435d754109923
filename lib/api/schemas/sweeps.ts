/** What the API says of sweeps. */
import { z } from 'zod'
import { sweepFields } from '../../sweeps/spec'
import { DictionaryFigures } from './dictionaries'
import { RunSummary } from './runs'
import { moment, Named, workers } from './shared'

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
  createdAt: moment('When it was asked for'),
})

const SweepFigures = z.strictObject({
  ...DictionaryFigures.shape,
  source: z
    .enum([...DictionaryFigures.shape.source.options, 'training'])
    .describe(
      'The newest evaluation, else what the run measured of itself at its end, else along it: it is unfinished, failed or cancelled',
    ),
  measuredAt: moment('When; null with “training”').nullable(),
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
