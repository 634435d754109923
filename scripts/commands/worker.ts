import { z } from 'zod'
import { JOB_KINDS } from '../../lib/jobKinds'
import { startWorker } from '../../lib/jobs/worker'
import { defineCommand } from '../cli/command'

export const worker = defineCommand({
  options: z.strictObject({}),
  async run(_input, context) {
    const database = await context.database()
    const backend = await context.backend()
    let parts = 0
    const handle = await startWorker({
      database,
      backend,
      kinds: JOB_KINDS,
      onEvent: ({ kind, task, job, message }) => {
        if (kind === 'end' && task === 'part') parts += 1
        context.terminal.note(
          `${new Date().toISOString()} ${kind} ${task} of job ${job}${message ? `: ${message}` : ''}`,
        )
      },
    })
    context.terminal.note(`worker ready on ${backend.fingerprint}; Ctrl-C ends it`)
    await new Promise<void>((resolve) => context.signal.addEventListener('abort', () => resolve(), { once: true }))
    await handle.stop()
    return { parts, engine: backend.fingerprint }
  },
})
