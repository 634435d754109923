/** Kept answers of steering. */
import { z } from 'zod'
import { getGeneration, keepGeneration, listGenerations } from '../../steering/generations'
import { Generation, ListedGeneration, NewGeneration } from '../../steering/schema'
import { defineRoute } from '../route'

const tag = 'steering'

const keep = defineRoute({
  method: 'POST',
  path: '/generations',
  summary: 'Keep an answer of steering with its intervention',
  description: 'The same intervention gives the same tokens again on the same engine.',
  tag,
  body: NewGeneration,
  response: Generation.pick({ id: true }),
  // The body is the answer of another route, and too long to show.
  example: null,
  handler: async ({ body }, { database }) => ({ id: await keepGeneration(database, body) }),
})

const list = defineRoute({
  method: 'GET',
  path: '/generations',
  summary: 'List kept answers, newest first',
  tag,
  query: z.strictObject({
    after: z.string().max(2000).optional().describe('cursor of the previous page: its "next"'),
    limit: z.coerce.number().int().min(1).max(100).default(20).describe('number of answers per page'),
  }),
  response: z.strictObject({
    generations: z.array(ListedGeneration),
    next: z.string().nullable().describe('Send it as "after" for the next page; null on the last page'),
  }),
  handler: ({ query }, { database }) => listGenerations(database, query),
})

const one = defineRoute({
  method: 'GET',
  path: '/generations/{id}',
  summary: 'One kept answer',
  tag,
  params: z.strictObject({ id: z.string().max(100).describe('Id of the kept answer') }),
  response: Generation,
  handler: ({ params: { id } }, { database }) => getGeneration(database, id),
})

export const generationRoutes = [keep, list, one]
