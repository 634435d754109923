import { Badge, Status } from '../ui/Badge'
import { Tooltip } from '../ui/Tooltip'
import { isUnfinished } from './types'

/** The state of a job in words: a running one that nobody has in hand waits; why one failed is said on hover and focus. */
export function JobState({
  status,
  hasLiveWorker,
  error,
}: {
  status: string
  hasLiveWorker: boolean
  error?: { message: string } | null | undefined
}) {
  if (isUnfinished(status) && !hasLiveWorker)
    return <Badge>{status === 'pending' ? 'waiting' : 'waiting to go on'}</Badge>
  if (!error) return <Status of={status} />
  return (
    <Tooltip text={error.message}>
      <button type="button" className="cursor-help">
        <Status of={status} />
      </button>
    </Tooltip>
  )
}
