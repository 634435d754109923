'use client'

import { Gauge, RotateCcw, X } from 'lucide-react'
import Link from 'next/link'
import type { SweepAnswer, SweepDetail, SweepRun } from '../../lib/sweeps/schema'
import { api, ok } from '../api'
import { NoWorker } from '../jobs/WorkerNote'
import { Button } from '../ui/Button'
import { Confirm } from '../ui/Confirm'
import { count, duration } from '../ui/format'
import { Progress } from '../ui/Progress'
import { Fact, Facts, Failure } from '../ui/States'
import { Time } from '../ui/Time'
import { useAction } from '../useAction'
import { useLive } from '../useLive'
import { SweepCommand } from './SweepCommand'
import { SweepPareto } from './SweepPareto'
import { SweepRuns } from './SweepRuns'
import { SweepState } from './SweepState'
import { unfinishedRuns } from './progress'

/** One sweep, live while its runs are unfinished. */
export function SweepView({ initial }: { initial: SweepAnswer }) {
  const { id } = initial.sweep
  const { latest, problem, refresh } = useLive(
    ['/sweeps', id],
    () => ok(api.GET('/api/v1/sweeps/{id}', { params: { path: { id } } })),
    initial,
    // Evaluations change the figures of finished runs too.
    (answer) => (unfinishedRuns(answer.sweep) > 0 ? 'busy' : 'idle'),
  )
  const { sweep, workers } = latest
  const { busy, done, act, ...action } = useAction(
    (name: Action) => ok(api.POST(`/api/v1/sweeps/{id}/${name}`, { params: { path: { id } } })),
    refresh,
  )
  const failure = problem ?? action.problem
  return (
    <div className="flex flex-col gap-4">
      <SweepHeader sweep={sweep} busy={busy} act={act} />
      {workers === 0 && unfinishedRuns(sweep) > 0 && <NoWorker waiting="its runs wait" />}
      {failure && <Failure problem={failure} />}
      {done?.action === 'evaluate' && <Started evaluations={done.answer.jobs} />}
      <SweepPareto members={sweep.members} />
      <SweepRuns sweep={sweep} onChange={refresh} />
      <SweepCommand
        spec={sweep.spec}
        harvest={sweep.harvest.name}
        name={`${sweep.name}/again`}
        engine={engineOf(sweep.members)}
      />
    </div>
  )
}

/** The engine of all runs; "auto" if workers used different ones. */
function engineOf(members: readonly SweepRun[]): string {
  const [engine = 'auto', ...others] = new Set(members.map((run) => run.engine))
  return others.length === 0 ? engine : 'auto'
}

type Action = 'cancel' | 'retry' | 'evaluate'

function Started({ evaluations }: { evaluations: number }) {
  return (
    <p role="status" className="text-ink-soft">
      {evaluations === 0
        ? 'All dictionaries are evaluated already.'
        : `${count(evaluations)} evaluations are in the queue. `}
      {evaluations > 0 && (
        <Link href="/jobs" className="text-accent underline">
          Follow them in Jobs
        </Link>
      )}
    </p>
  )
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
          <Fact name="created">
            <Time at={createdAt} />
          </Fact>
        </Facts>
        <div className="ml-auto flex flex-wrap gap-2">
          {unfinishedRuns(sweep) > 0 && (
            <Confirm
              question="Cancel the runs that are not finished?"
              detail="Workers stop at their next check. What is stored stays, and the runs can continue from there."
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
              <RotateCcw aria-hidden className="size-3.5" /> Continue {ended === 1 ? 'the run' : `the ${ended} runs`}{' '}
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
          {left > 0 && <span>{duration(left)} left for running jobs</span>}
        </p>
      </div>
    </div>
  )
}
