/** `loupe worker`: computes parts of jobs until it is interrupted. */
import { z } from 'zod'
import { JOB_KINDS } from '../../lib/jobKinds'
import { loadKind } from '../../lib/jobs/load'
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
      kinds: await Promise.all(JOB_KINDS.map(loadKind)),
      onEvent: ({ kind, task, job, message }) => {
        if (kind === 'end' && task === 'part') parts += 1
        const what = [kind, task && `${task} of`, 'job', job].filter(Boolean).join(' ')
        context.terminal.note(`${new Date().toISOString()} ${what}${message ? `: ${message}` : ''}`)
      },
    })
    context.terminal.note(`worker ready on ${backend.fingerprint}; Ctrl-C stops it`)
    await new Promise<void>((resolve) => context.signal.addEventListener('abort', () => resolve(), { once: true }))
    await handle.stop()
    return { parts, engine: backend.fingerprint }
  },
})
