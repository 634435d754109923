import { z } from 'zod'
import { ListedModel } from '../../models/schema'
import { listModels } from '../../models/view'
import { defineRoute } from '../route'

export const modelRoutes = [
  defineRoute({
    method: 'GET',
    path: '/models',
    summary: 'List models with their sizes and hooks',
    tag: 'models',
    response: z.strictObject({ models: z.array(ListedModel).describe('By name') }),
    handler: async (_input, { database }) => ({ models: await listModels(database) }),
  }),
]
