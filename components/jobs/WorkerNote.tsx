import { Hourglass } from 'lucide-react'
import type { ReactNode } from 'react'
import { CodeBlock } from '../ui/CodeBlock'

export const WORKER_COMMAND = 'npx loupe worker'

/** Shown where jobs wait because no worker runs. */
export function NoWorker({ waiting }: { waiting: string }) {
  return <Waiting command={WORKER_COMMAND}>No worker is running, so {waiting}. Start one in a terminal:</Waiting>
}

/** Shown where a job waits because it was queued for other code than the running workers have. */
export function OtherCode({ retry }: { retry: string }) {
  return (
    <Waiting command={WORKER_COMMAND}>
      The job waits for a worker with the same code: the running workers have another version. “{retry}” queues it for
      the code of this version. Workers of this version start with:
    </Waiting>
  )
}

function Waiting({ command, children }: { command: string; children: ReactNode }) {
  return (
    <div
      role="status"
      className="border-contrary bg-contrary-soft flex flex-wrap items-center gap-x-3 gap-y-2 rounded border px-3 py-2"
    >
      <p className="flex items-center gap-2">
        <Hourglass aria-hidden className="text-contrary size-4 shrink-0" />
        <span>{children}</span>
      </p>
      <CodeBlock label="command that starts a worker" text={command} />
    </div>
  )
}
