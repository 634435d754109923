import { Badge, Status } from '../ui/Badge'
import { isUnfinished } from './types'

/** The state of a job in words: a running one that nobody has in hand waits. */
export function JobState({ status, isWorkedOn }: { status: string; isWorkedOn: boolean }) {
  if (isUnfinished(status) && !isWorkedOn) return <Badge>{status === 'pending' ? 'waiting' : 'waiting to go on'}</Badge>
  return <Status of={status} />
}
