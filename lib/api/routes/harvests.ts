/** Harvests: activations of a corpus at a hook. */
import { z } from 'zod'
import { NameOrIdParams } from '../../base/fields'
import { HarvestDetail, HarvestRequest, HarvestSummary } from '../../harvests/schema'
import { startHarvest } from '../../harvests/start'
import { harvestDetail, harvestSummaries } from '../../harvests/view'
import { defineRoute } from '../route'

const tag = 'harvests'

const list = defineRoute({
  method: 'GET',
  path: '/harvests',
  summary: 'List harvests',
  tag,
  response: z.strictObject({ harvests: z.array(HarvestSummary).describe('Newest first') }),
  handler: async (_input, { database }) => ({ harvests: await harvestSummaries(database) }),
})

const start = defineRoute({
  method: 'POST',
  path: '/harvests',
  summary: 'Start a harvest',
  description:
    'Checks model, hooks, sizes and name, then queues a job. A worker (npx loupe worker) reads the corpus and computes the harvest. If a harvest of this name is made from the same things, it is returned and continues. Only corpora with a name are allowed; text files are for the command line.',
  tag,
  body: HarvestRequest,
  response: z.strictObject({
    harvest: z.uuid().describe('Id of the harvest'),
    name: z.string().describe('Its name'),
    job: z.uuid().nullable().describe('Id of the job that computes it; null if the harvest is finished'),
  }),
  example: ({ model }) => ({ body: { model, hook: 'blocks.0.hook_resid_post', tokens: 100_000 } }),
  async handler({ body }, { database }) {
    const { harvest, job } = await startHarvest(database, body)
    return { harvest: harvest.id, name: harvest.name, job }
  },
})

const one = defineRoute({
  method: 'GET',
  path: '/harvests/{id}',
  summary: 'One harvest: what it is made from, what it holds, the runs trained on it',
  tag,
  params: NameOrIdParams('harvest'),
  response: HarvestDetail,
  handler: ({ params: { id } }, { database }) => harvestDetail(database, id),
})

export const harvestRoutes = [list, start, one]
