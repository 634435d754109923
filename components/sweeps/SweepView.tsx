'use client'

import { Gauge, RotateCcw, X } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import useSWR from 'swr'
import { api, ok } from '../api'
import { NoWorker } from '../jobs/WorkerNote'
import { DEDUPE_MS } from '../polling'
import { Button } from '../ui/Button'
import { CodeBlock } from '../ui/CodeBlock'
import { Confirm } from '../ui/Confirm'
import { count, duration } from '../ui/format'
import { Progress } from '../ui/Progress'
import { Fact, Facts, Failure, Panel, type Problem } from '../ui/States'
import { Time } from '../ui/Time'
import { specText } from './specText'
import { SweepPareto } from './SweepPareto'
import { SweepRuns } from './SweepRuns'
import { SweepState } from './SweepState'
import { unfinishedRuns, type SweepAnswer, type SweepDetail } from './types'

const LIVE_MS = 1000
/** Evaluations come in by themselves, and somebody else may put ended runs back into the queue. */
const ENDED_MS = 5000

/** One sweep, followed while its runs are unfinished. */
export function SweepView({ initial }: { initial: SweepAnswer }) {
  const { id } = initial.sweep
  const { data, error, mutate } = useSWR<SweepAnswer, Problem>(
    ['/sweeps', id],
    () => ok(api.GET('/api/v1/sweeps/{id}', { params: { path: { id } } })),
    {
      fallbackData: initial,
      dedupingInterval: DEDUPE_MS,
      refreshInterval: (latest) => (unfinishedRuns((latest ?? initial).sweep) > 0 ? LIVE_MS : ENDED_MS),
    },
  )
  const { sweep, workers } = data ?? initial
  const { busy, problem, asked, act } = useSweepAction(id, () => mutate())
  return (
    <div className="flex flex-col gap-4">
      <SweepHeader sweep={sweep} busy={busy} act={act} />
      {workers === 0 && unfinishedRuns(sweep) > 0 && <NoWorker waiting="its runs wait" />}
      {(error ?? problem) && <Failure problem={(error ?? problem)!} />}
      {asked !== undefined && (
        <p role="status" className="text-ink-soft">
          {asked === 0 ? 'Every dictionary is evaluated already.' : `${count(asked)} evaluations are in the queue. `}
          {asked > 0 && (
            <Link href="/jobs" className="text-accent underline">
              Follow them in Jobs
            </Link>
          )}
        </p>
      )}
      <SweepPareto members={sweep.members} />
      <SweepRuns sweep={sweep} onChange={() => mutate()} />
      <Specification sweep={sweep} />
    </div>
  )
}

type Action = 'cancel' | 'retry' | 'evaluate'

function useSweepAction(id: string, onDone: () => unknown) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const [asked, setAsked] = useState<number>()
  const act = (action: Action) => {
    setBusy(true)
    setProblem(undefined)
    setAsked(undefined)
    void ok(api.POST(`/api/v1/sweeps/{id}/${action}`, { params: { path: { id } } }))
      .then(({ jobs }) => action === 'evaluate' && setAsked(jobs))
      .catch((error: unknown) => setProblem(error as Problem))
      .finally(() => {
        setBusy(false)
        void onDone()
      })
  }
  return { busy, problem, asked, act }
}

function SweepHeader({ sweep, busy, act }: { sweep: SweepDetail; busy: boolean; act: (action: Action) => void }) {
  const { harvest, runs, steps, members, createdAt } = sweep
  const left = members.reduce((sum, { secondsLeft }) => Math.max(sum, secondsLeft ?? 0), 0)
  const ended = runs.failed + runs.cancelled
  return (
    <div>
      <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
        <Facts>
          <Fact name="state">
            <SweepState sweep={sweep} />
          </Fact>
          <Fact name="finished">
            {count(runs.finished)} of {count(runs.all)} runs
          </Fact>
          <Fact name="harvest">
            <Link href={`/harvests/${harvest.id}`} className="text-accent font-mono text-small hover:underline">
              {harvest.name}
            </Link>
          </Fact>
          <Fact name="asked for">
            <Time at={createdAt} />
          </Fact>
        </Facts>
        <div className="ml-auto flex flex-wrap gap-2">
          {unfinishedRuns(sweep) > 0 && (
            <Confirm
              question="Cancel the runs that are not finished?"
              detail="Workers stop at their next check. What is stored stays, and the runs can be taken up again from there."
              yes="Cancel them"
              no="Let them run"
              disabled={busy}
              onYes={() => act('cancel')}
            >
              <X aria-hidden className="size-3.5" /> Cancel
            </Confirm>
          )}
          {ended > 0 && (
            <Button disabled={busy} onClick={() => act('retry')}>
              <RotateCcw aria-hidden className="size-3.5" /> Go on with {ended === 1 ? 'the run' : `the ${ended} runs`}{' '}
              that ended early
            </Button>
          )}
          {runs.finished > 0 && (
            <Button disabled={busy} onClick={() => act('evaluate')}>
              <Gauge aria-hidden className="size-3.5" /> Evaluate all
            </Button>
          )}
        </div>
      </div>
      <div className="mt-3">
        <Progress done={steps.done} total={steps.total} label="Progress of the sweep" />
        <p className="mt-1 flex flex-wrap gap-x-4 font-mono text-small">
          <span>
            step {count(steps.done)} of {count(steps.total)}
          </span>
          {left > 0 && <span>{duration(left)} left of the runs in hand</span>}
        </p>
      </div>
    </div>
  )
}

function Specification({ sweep: { name, harvest, spec } }: { sweep: SweepDetail }) {
  return (
    <Panel title="The same from the command line">
      <div className="flex flex-col gap-2">
        <CodeBlock label="specification, to be kept as sweep.json" text={specText(spec)} wrap />
        <CodeBlock
          label="command"
          wrap
          text={`npx loupe train --sweep sweep.json --harvest '${harvest.name}' --name '${name}/again'`}
        />
      </div>
    </Panel>
  )
}
