'use client'

import { RotateCcw, X } from 'lucide-react'
import { api, ok } from '../api'
import { Button, IconButton } from '../ui/Button'
import { Confirm } from '../ui/Confirm'
import { useAction } from '../useAction'
import { isRetriable, isUnfinished } from './types'

type Action = 'cancel' | 'retry'

/** What can be done with a job. */
export function useJobAction(job: string, onDone: () => unknown) {
  return useAction(
    (action: Action) => ok(api.POST(`/api/v1/jobs/{id}/${action}`, { params: { path: { id: job } } })),
    onDone,
  )
}

/** Cancel while it is unfinished, go on when it ended without a result. */
export function JobActions({
  status,
  what,
  busy,
  act,
}: {
  status: string
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
          detail="The worker stops at its next check. What is stored stays, and it can be taken up again from there."
          yes="Cancel it"
          no="Let it run"
          disabled={busy}
          onYes={() => act('cancel')}
        >
          <X aria-hidden className="size-3.5" /> Cancel
        </Confirm>
      )}
      {isRetriable(status) && (
        <Button disabled={busy} onClick={() => act('retry')}>
          <RotateCcw aria-hidden className="size-3.5" /> {status === 'failed' ? 'Try again' : 'Go on'}
        </Button>
      )}
    </>
  )
}

/** The same in a row of a table. */
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
