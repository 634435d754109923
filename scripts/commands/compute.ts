import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { z } from 'zod'
import { startCompute } from '../../lib/compute/server'
import { defineCommand } from '../cli/command'

export const compute = defineCommand({
  options: z.strictObject({
    port: z.int().min(0).max(65_535).default(0).describe('port to listen on, 0 for any'),
  }),
  async run({ options }, context) {
    const { terminal, signal } = context
    const database = await context.database()
    const { fingerprint: engine } = await context.backend()
    const given = process.env['LOUPE_COMPUTE_TOKEN']
    const token = given ?? randomBytes(32).toString('base64url')
    const log = (line: string) => process.stderr.write(`${new Date().toISOString()} ${line}\n`)
    const server = await startCompute({ database, engine, token, port: options.port, log })
    process.stderr.write(`compute ready on ${server.url} (${engine})\n`)
    if (!given) terminal.note(`token: ${token}`)
    const preloading = server.preload().catch((error: unknown) => {
      if (!signal.aborted) terminal.warn(`nothing was loaded ahead: ${(error as Error).message}`)
    })
    if (!signal.aborted) await once(signal, 'abort')
    await server.close()
    await preloading
    return server.health()
  },
})
