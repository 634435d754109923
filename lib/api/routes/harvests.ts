/** Harvests: activations of a corpus at a hook. */
import { z } from 'zod'
import { harvestDetail, harvestSummaries } from '../../harvests/view'
import { defineRoute } from '../route'
import { HarvestDetail, HarvestSummary } from '../../harvests/schema'

const tag = 'harvests'

export const harvestRoutes = [
  defineRoute({
    method: 'GET',
    path: '/harvests',
    summary: 'List harvests',
    tag,
    response: z.strictObject({ harvests: z.array(HarvestSummary).describe('Newest first') }),
    async handler(_input, { database }) {
      return { harvests: await harvestSummaries(database) }
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/harvests/{id}',
    summary: 'One harvest: what it was made from, what it holds, what was made from it',
    tag,
    params: z.strictObject({
      id: z.string().min(1).max(300).describe('Id of the harvest, or its name (URL-encoded)'),
    }),
    response: HarvestDetail,
    async handler({ params: { id } }, { database }) {
      return harvestDetail(database, id)
    },
  }),
]
