/** Command `compute`: the process that encodes and steers for the web pages. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { z } from 'zod'
import { environmentVariable } from '../../lib/base/environment'
import { startCompute } from '../../lib/compute/server'
import { defineCommand } from '../cli/command'

export const compute = defineCommand({
  options: z.strictObject({
    port: z.int().min(0).max(65_535).default(0).describe('port to listen on, 0 for a free one'),
  }),
  async run({ options }, context) {
    const { terminal, signal } = context
    const database = await context.database()
    const { fingerprint: engine } = await context.backend()
    const configured = environmentVariable('LOUPE_COMPUTE_TOKEN')
    const token = configured ?? randomBytes(32).toString('base64url')
    const log = (line: string) => process.stderr.write(`${new Date().toISOString()} ${line}\n`)
    const server = await startCompute({ database, engine, token, port: options.port, log })
    process.stderr.write(`compute ready on ${server.url} (${engine})\n`)
    if (!configured) terminal.note(`token: ${token}`)
    const preloading = server.preload().catch((error: unknown) => {
      if (!signal.aborted) terminal.warn(`no dictionary was loaded in advance: ${(error as Error).message}`)
    })
    if (!signal.aborted) await once(signal, 'abort')
    await server.close()
    await preloading
    return server.health()
  },
})
