/** The state of this installation, and the description of the API itself. */
import { z } from 'zod'
import { projectVersion } from '../../base/version'
import { ComputeHealth } from '../../compute/protocol'
import { openApi } from '../openapi'
import { defineRoute } from '../route'

const Status = z.strictObject({
  version: z.string().describe('Version of Loupe'),
  compute: ComputeHealth.pick({ engine: true, active: true, waiting: true })
    .nullable()
    .describe('The process that encodes and steers; null while it does not answer'),
  workers: z.int().describe('Number of processes that work on jobs'),
})

/** A compute process that needs longer counts as down. */
const HEALTH_PATIENCE_MS = 1000

export const statusRoutes = [
  defineRoute({
    method: 'GET',
    path: '/status',
    summary: 'Which processes are running',
    tag: 'system',
    response: Status,
    async handler(_input, { database, compute, signal }) {
      const [health, workers] = await Promise.all([
        compute()
          .health({ signal: AbortSignal.any([signal, AbortSignal.timeout(HEALTH_PATIENCE_MS)]) })
          .catch(() => null),
        database.prisma.worker.count(),
      ])
      return {
        version: projectVersion,
        compute: health && { engine: health.engine, active: health.active, waiting: health.waiting },
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
    handler: (_input, { routes }) => Promise.resolve(openApi(routes)),
  }),
]
