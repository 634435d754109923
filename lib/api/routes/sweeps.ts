/** Sweeps: many training runs on one harvest. */
import { z } from 'zod'
import type { Database } from '../../db/connect'
import type { Sweep } from '../../db/generated/client'
import { requireHarvest } from '../../harvests/rows'
import { estimateSeconds } from '../../sweeps/estimate'
import { evaluateSweep, cancelSweep, planSweep, requireSweep, startSweep, submitRuns } from '../../sweeps/start'
import { isOneKind, ONE_KIND, sweepFields, Begun, SweepAnswer, SweepList, SweepPlan } from '../../sweeps/schema'
import { listSweeps, showSweep } from '../../sweeps/view'
import { defineRoute } from '../route'
import { trainingFields } from '../../runs/trainingSchema'

const tag = 'sweeps'
const Params = z.strictObject({
  id: z.string().min(1).max(300).describe('Id of the sweep, or its name (URL-encoded)'),
})

const Start = z
  .strictObject({
    ...trainingFields({
      maxLength: 120,
      description: 'Name of the sweep, with which those of its runs begin; the harvest’s, numbered, by default',
    }),
    ...sweepFields,
  })
  .refine(isOneKind, ONE_KIND)

async function optionsOf(database: Database, { harvest, name, engine, ...spec }: z.output<typeof Start>) {
  return { harvest: await requireHarvest(database, harvest), spec, name, engine }
}

const list = defineRoute({
  method: 'GET',
  path: '/sweeps',
  summary: 'List sweeps',
  tag,
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(1000).default(200).describe('Most sweeps to give'),
  }),
  response: SweepList,
  handler: ({ query }, { database }) => listSweeps(database, query.limit),
})

const start = defineRoute({
  method: 'POST',
  path: '/sweeps',
  summary: 'Start a sweep',
  description:
    'Checks every run first, as single ones are; then all of them go into the queue, or none. Each is a job that any worker takes.',
  tag,
  body: Start,
  response: Begun,
  async handler({ body }, { database }) {
    const { id, name } = await startSweep(database, await optionsOf(database, body))
    return { sweep: { id, name }, jobs: await database.prisma.run.count({ where: { sweepId: id } }) }
  },
})

const plan = defineRoute({
  method: 'POST',
  path: '/sweeps/plan',
  summary: 'What a sweep would be: its runs, their memory, a rough time',
  description: 'Refused as the sweep itself would be. Nothing is written.',
  tag,
  body: Start,
  response: SweepPlan,
  async handler({ body }, { database }) {
    const { name, runs } = await planSweep(database, await optionsOf(database, body))
    const seconds = await estimateSeconds(
      database,
      runs.map(({ run }) => run.config),
    )
    return {
      name,
      runs: runs.map(({ label, run, bytes }, at) => ({
        label,
        name: run.name,
        steps: run.steps,
        bytes,
        seconds: seconds[at]!,
      })),
    }
  },
})

const one = defineRoute({
  method: 'GET',
  path: '/sweeps/{id}',
  summary: 'One sweep: its runs with their figures and dictionaries',
  tag,
  params: Params,
  response: SweepAnswer,
  handler: ({ params: { id } }, { database }) => showSweep(database, id),
})

/** What can be done with the runs of a sweep; `act` gives the jobs that are in the queue for it. */
const action = (
  name: string,
  words: { summary: string; description: string },
  act: (database: Database, sweep: Sweep) => Promise<readonly string[]>,
) =>
  defineRoute({
    ...words,
    method: 'POST',
    path: `/sweeps/{id}/${name}`,
    tag,
    params: Params,
    response: Begun,
    timeoutSeconds: 60,
    async handler({ params: { id: asked } }, { database }) {
      const sweep = await requireSweep(database, asked)
      const jobs = await act(database, sweep)
      return { sweep: { id: sweep.id, name: sweep.name }, jobs: jobs.length }
    },
  })

const cancel = action(
  'cancel',
  {
    summary: 'Cancel the runs of a sweep that are not finished',
    description: 'What is stored stays; “retry” goes on from there.',
  },
  async (database, sweep) => {
    await cancelSweep(database, sweep)
    return []
  },
)

const retry = action(
  'retry',
  {
    summary: 'Put every run of a sweep that is not finished back into the queue',
    description: 'Runs that failed or were cancelled go on from their newest checkpoint.',
  },
  // Without a backend: any worker may take them.
  (database, sweep) => submitRuns(database, sweep),
)

const evaluate = action(
  'evaluate',
  {
    summary: 'Start an evaluation of every dictionary of a sweep that has none',
    description: 'All on the same held-out tokens of the harvest they were trained on; a job each.',
  },
  evaluateSweep,
)

export const sweepRoutes = [list, start, plan, one, cancel, retry, evaluate]
