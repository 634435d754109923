import type { ReactNode } from 'react'
import type { JobSummary } from '../../lib/jobs/schema'
import { Badge, Status } from '../ui/Badge'
import { Tooltip } from '../ui/Tooltip'
import { isUnfinished } from './status'

/** The state of a job in words. An unfinished job without a live worker waits; hover and focus show why a job failed. */
export function JobState({
  status,
  hasLiveWorker,
  waitsForSameCode = false,
  error,
}: {
  status: JobSummary['status']
  hasLiveWorker: boolean
  waitsForSameCode?: boolean
  error?: { message: string } | null | undefined
}) {
  if (waitsForSameCode) {
    return (
      <Explained text="waits for a worker with the same code; a retry queues it for the code of this version">
        <Badge tone="danger">other code</Badge>
      </Explained>
    )
  }
  if (isUnfinished(status) && !hasLiveWorker)
    return <Badge>{status === 'pending' ? 'waiting' : 'waiting to continue'}</Badge>
  if (!error) return <Status of={status} />
  return (
    <Explained text={error.message}>
      <Status of={status} />
    </Explained>
  )
}

function Explained({ text, children }: { text: string; children: ReactNode }) {
  return (
    <Tooltip text={text}>
      <button type="button" className="cursor-help">
        {children}
      </button>
    </Tooltip>
  )
}
