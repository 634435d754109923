/** Sweeps: many training runs on one harvest. */
import { z } from 'zod'
import { NameOrIdParams } from '../../base/fields'
import type { Database } from '../../db/connect'
import { requireHarvest } from '../../harvests/rows'
import { countRuns, requireSweep, type SweepRow } from '../../sweeps/rows'
import { SweepAnswer, SweepJobs, SweepList, SweepPlan, SweepRequest } from '../../sweeps/schema'
import { cancelSweep, evaluateSweep, planSweep, startSweep, submitRuns, type NewSweep } from '../../sweeps/start'
import { listSweeps, showSweep } from '../../sweeps/view'
import type { ExampleThings } from '../example'
import { defineRoute } from '../route'

const tag = 'sweeps'
const Params = NameOrIdParams('sweep')

async function newSweep(database: Database, request: SweepRequest): Promise<NewSweep> {
  const { harvest, name, engine, ...spec } = request
  return { harvest: await requireHarvest(database, harvest), spec, name, engine }
}

const exampleSweep = ({ harvest }: ExampleThings) => ({
  harvest,
  base: { d_sae: 512, tokens: 100_000 },
  grid: { architecture: ['topk', 'batchtopk'], k: [16, 32] },
})

const list = defineRoute({
  method: 'GET',
  path: '/sweeps',
  summary: 'List sweeps',
  tag,
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(1000).default(200).describe('Highest number of sweeps in the answer'),
  }),
  response: SweepList,
  handler: ({ query }, { database }) => listSweeps(database, query.limit),
})

const start = defineRoute({
  method: 'POST',
  path: '/sweeps',
  summary: 'Start a sweep',
  description:
    'Checks every run first, like a single run; then all of them go into the queue, or none. Each is a job for any worker.',
  tag,
  body: SweepRequest,
  response: SweepJobs,
  example: (things) => ({ body: { ...exampleSweep(things), name: 'small' } }),
  async handler({ body }, { database }) {
    const sweep = await startSweep(database, await newSweep(database, body))
    return { sweep: { id: sweep.id, name: sweep.name }, jobs: await countRuns(database, sweep) }
  },
})

const plan = defineRoute({
  method: 'POST',
  path: '/sweeps/plan',
  summary: 'Plan a sweep: its runs, their memory, a rough time',
  description: 'Fails with the same errors as starting the sweep. Nothing is written.',
  tag,
  body: SweepRequest,
  response: SweepPlan,
  example: (things) => ({ body: exampleSweep(things) }),
  handler: async ({ body }, { database }) => planSweep(database, await newSweep(database, body)),
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

/** An action on the runs of a sweep. @param act returns the jobs that are in the queue for it */
const action = (
  name: string,
  words: { summary: string; description: string },
  act: (database: Database, sweep: SweepRow) => Promise<readonly string[]>,
) =>
  defineRoute({
    ...words,
    method: 'POST',
    path: `/sweeps/{id}/${name}`,
    tag,
    params: Params,
    response: SweepJobs,
    timeoutSeconds: 60,
    async handler({ params: { id: nameOrId } }, { database }) {
      const sweep = await requireSweep(database, nameOrId)
      const jobs = await act(database, sweep)
      return { sweep: { id: sweep.id, name: sweep.name }, jobs: jobs.length }
    },
  })

const cancel = action(
  'cancel',
  {
    summary: 'Cancel the runs of a sweep that are not finished',
    description: 'What is stored stays; “retry” continues from there.',
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
    description: 'Failed and cancelled runs continue from their newest checkpoint.',
  },
  // Without a backend, any worker may take them.
  (database, sweep) => submitRuns(database, sweep),
)

const evaluate = action(
  'evaluate',
  {
    summary: 'Start an evaluation of every dictionary of a sweep that has none',
    description: 'All on the same held-out tokens of the harvest they were trained on. Each is a job.',
  },
  evaluateSweep,
)

export const sweepRoutes = [list, start, plan, one, cancel, retry, evaluate]
