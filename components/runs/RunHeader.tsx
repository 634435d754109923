'use client'

import Link from 'next/link'
import type { RunDetail } from '../../lib/runs/schema'
import { JobActions } from '../jobs/JobActions'
import { JobState } from '../jobs/JobState'
import { isUnfinished } from '../jobs/status'
import { buttonClass } from '../ui/Button'
import { Figure } from '../ui/definitions'
import { count, duration, number } from '../ui/format'
import { Progress } from '../ui/Progress'
import { Fact, Facts } from '../ui/States'
import { Time } from '../ui/Time'
import { newRunAddress } from './address'

/** State, engine, speed and time left of a run, with its actions. */
export function RunHeader({
  run,
  busy,
  act,
}: {
  run: RunDetail
  busy: boolean
  act: (action: 'cancel' | 'retry') => void
}) {
  const { status, step, steps, config, job, dictionary } = run
  const isLive = isUnfinished(status)
  const tokens = Math.min(step * config.batchSize, config.tokens)
  return (
    <div>
      <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
        <RunFacts run={run} />
        <div className="ml-auto flex flex-wrap gap-2">
          {job && <JobActions status={status} what="the run" busy={busy} act={act} />}
          <Link href={newRunAddress(run)} className={buttonClass('plain')}>
            New run like this
          </Link>
          {dictionary && (
            <Link href={`/dictionaries/${dictionary.id}`} className={buttonClass('primary')}>
              Open dictionary
            </Link>
          )}
        </div>
      </div>
      <div className="mt-3">
        <Progress done={step} total={steps} label="Progress of the run" />
        <p className="mt-1 flex flex-wrap gap-x-4 font-mono text-small">
          <span>
            step {count(step)} of {count(steps)}
          </span>
          <span>
            {count(tokens)} of {count(config.tokens)} tokens
          </span>
          {isLive && run.secondsLeft !== null && <span>{duration(run.secondsLeft)} left</span>}
        </p>
      </div>
    </div>
  )
}

function RunFacts({ run }: { run: RunDetail }) {
  const { status, job, engine, device, tokensPerSecond, seed, createdAt, finishedAt } = run
  return (
    <Facts>
      <Fact name="state">
        <JobState status={status} hasLiveWorker={job?.hasLiveWorker ?? false} />
      </Fact>
      <Fact name="engine">{engine === 'auto' ? 'the worker decides' : engine}</Fact>
      {device && <Fact name="device">{device}</Fact>}
      <Fact name="seed">{seed}</Fact>
      <Fact name={<Figure of="tokensPerSecond">tokens/s</Figure>}>
        <span className="font-mono text-small">{number(tokensPerSecond)}</span>
      </Fact>
      <Fact name="created">
        <Time at={createdAt} />
      </Fact>
      {finishedAt && (
        <Fact name="ended">
          <Time at={finishedAt} />
        </Fact>
      )}
    </Facts>
  )
}
