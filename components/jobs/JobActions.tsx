'use client'

import { RotateCcw, X } from 'lucide-react'
import type { JobSummary } from '../../lib/jobs/schema'
import { api, ok } from '../api'
import { Button, IconButton } from '../ui/Button'
import { Confirm } from '../ui/Confirm'
import { useAction } from '../useAction'
import { canRetry, isUnfinished } from './status'

type Action = 'cancel' | 'retry'

const RETRY_LABELS: Record<string, string> = { failed: 'Try again', cancelled: 'Continue' }

/** What can be done with a job. */
export function useJobAction(job: string, onDone: () => unknown) {
  return useAction(
    (action: Action) => ok(api.POST(`/api/v1/jobs/{id}/${action}`, { params: { path: { id: job } } })),
    onDone,
  )
}

/** Cancel an unfinished job; retry one that ended without a result, or that waits for other code. */
export function JobActions({
  status,
  waitsForSameCode = false,
  what,
  busy,
  act,
}: {
  status: JobSummary['status']
  waitsForSameCode?: boolean
  /** What is cancelled, in a sentence: `the run`, `the job`. */
  what: string
  busy: boolean
  act: (action: Action) => void
}) {
  return (
    <>
      {isUnfinished(status) && (
        <Confirm
          question={`Cancel ${what}?`}
          detail="The worker stops at its next check. What is stored stays, and a retry continues from there."
          yes="Cancel it"
          no="Keep it running"
          disabled={busy}
          onYes={() => act('cancel')}
        >
          <X aria-hidden className="size-3.5" /> Cancel
        </Confirm>
      )}
      {canRetry({ status, waitsForSameCode }) && (
        <Button disabled={busy} onClick={() => act('retry')}>
          <RotateCcw aria-hidden className="size-3.5" /> {RETRY_LABELS[status] ?? 'Queue again'}
        </Button>
      )}
    </>
  )
}

/** Retries a job from a row of a table. */
export function RetryButton({ job, onDone }: { job: string; onDone: () => unknown }) {
  const { busy, problem, act } = useJobAction(job, onDone)
  return (
    <IconButton
      label={problem ? problem.message : 'Put back into the queue'}
      disabled={busy}
      onClick={() => act('retry')}
    >
      <RotateCcw aria-hidden className={problem ? 'text-danger size-3.5' : 'size-3.5'} />
    </IconButton>
  )
}
