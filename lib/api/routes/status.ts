import { z } from 'zod'
import { projectVersion } from '../../base/version'
import { openApi } from '../openapi'
import { defineRoute } from '../route'
import { ROUTES } from '.'

const Status = z.strictObject({
  version: z.string().describe('Of Loupe'),
  compute: z
    .strictObject({
      engine: z.string().describe('Library, device, instruction sets and threads that compute'),
      active: z.int().describe('Generations at work'),
      waiting: z.int().describe('Requests in the queue'),
    })
    .nullable()
    .describe('The process that encodes and steers; null while it does not answer'),
  workers: z.int().describe('Processes that take part in jobs'),
})

export const statusRoutes = [
  defineRoute({
    method: 'GET',
    path: '/status',
    summary: 'Which processes are at work',
    tag: 'system',
    response: Status,
    async handler(_input, { database, compute, signal }) {
      const [health, workers] = await Promise.all([
        compute()
          .health({ signal: AbortSignal.any([signal, AbortSignal.timeout(1000)]) })
          .catch(() => null),
        database.prisma.worker.count(),
      ])
      const { engine, active, waiting } = health ?? {}
      return {
        version: projectVersion,
        compute: health ? { engine: engine!, active: active!, waiting: waiting! } : null,
        workers,
      }
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/openapi.json',
    summary: 'This description, as OpenAPI 3.1',
    tag: 'system',
    response: z.looseObject({ openapi: z.literal('3.1.0') }),
    handler: () => Promise.resolve(openApi(ROUTES)),
  }),
]
