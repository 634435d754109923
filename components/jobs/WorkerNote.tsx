import { Hourglass } from 'lucide-react'
import { CodeBlock } from '../ui/CodeBlock'

export const WORKER_COMMAND = 'npx loupe worker'

/** Said where something waits because nobody works. */
export function NoWorker({ waiting }: { waiting: string }) {
  return (
    <div
      role="status"
      className="border-contrary bg-contrary-soft flex flex-wrap items-center gap-x-3 gap-y-2 rounded border px-3 py-2"
    >
      <p className="flex items-center gap-2">
        <Hourglass aria-hidden className="text-contrary size-4 shrink-0" />
        No worker is running, so {waiting}. Start one in a terminal:
      </p>
      <CodeBlock label="command that starts a worker" text={WORKER_COMMAND} />
    </div>
  )
}
