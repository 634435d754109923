/** `loupe start`: the pages with database, compute and a worker, in the foreground or in the background. */
import pc from 'picocolors'
import { z } from 'zod'
import { loupeHome } from '../../lib/base/config'
import { runningSupervisor } from '../../lib/processes/supervisorState'
import { ensureBuilt } from '../../lib/web/build'
import { defineCommand } from '../cli/command'
import { openBrowser } from '../supervisor/browser'
import { startDetached } from '../supervisor/detach'
import { loopbackAddress } from '../supervisor/host'
import { startLoupe } from '../supervisor/start'

const options = z.strictObject({
  port: z
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .describe('port of the pages (default PORT or 3000, or the next free one)'),
  host: z.string().default('127.0.0.1').describe('loopback address to listen on: 127.0.0.1, localhost or ::1'),
  detach: z.boolean().default(false).describe('run in the background; the command returns once the pages answer'),
  open: z.boolean().default(true).describe('do not open the browser'),
  keepDatabase: z.boolean().default(false).describe('leave the database running at the end'),
})

export const start = defineCommand({
  options,
  async run({ options: flags }, context) {
    const { url, pid, running } = flags.detach ? await detached(flags) : await attached(flags)
    if (flags.open) openBrowser(url)
    return { url, pid, running, detached: flags.detach }

    async function attached({ host, port, keepDatabase }: z.output<typeof options>) {
      const { untilStopped, ...started } = await startLoupe({ host, port, keepDatabase }, context)
      context.afterResult = untilStopped
      return started
    }

    async function detached({ host, port, keepDatabase }: z.output<typeof options>) {
      loopbackAddress(host, port ?? 0)
      const running = runningSupervisor(loupeHome()) !== undefined
      // Built here and not in the background, so that the terminal shows the progress.
      if (!running) await ensureBuilt({ signal: context.signal, onStep: (step) => context.terminal.note(step) })
      const args = ['--no-open', '--host', host]
      if (port !== undefined) args.push('--port', String(port))
      if (keepDatabase) args.push('--keep-database')
      if (context.options.backend) args.push('--backend', context.options.backend)
      const state = await startDetached(args, context.signal)
      return { url: state.url!, pid: state.process.pid, running }
    }
  },
  render({ url, running, detached, pid }) {
    const where = `Loupe ${running ? 'already runs' : 'runs'} at ${pc.bold(url)}`
    if (running || detached) return `${where}  (process ${pid}; loupe stop ends it, loupe status shows details)`
    return `${where}  (Ctrl-C ends it)`
  },
})
