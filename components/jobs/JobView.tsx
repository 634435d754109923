'use client'

import type { JobAnswer, JobDetail } from '../../lib/jobs/schema'
import { api, ok } from '../api'
import { CodeBlock } from '../ui/CodeBlock'
import { count, duration, number } from '../ui/format'
import { Progress } from '../ui/Progress'
import { Fact, Facts, Failure, Panel } from '../ui/States'
import { Time } from '../ui/Time'
import { paceOf, useLive } from '../useLive'
import { JobAbout } from './JobAbout'
import { JobActions, useJobAction } from './JobActions'
import { JobLog } from './JobLog'
import { JobParts } from './JobParts'
import { JobState } from './JobState'
import { isUnfinished } from './status'
import { NoWorker, OtherCode } from './WorkerNote'
import { Engine } from '../ui/Engine'

/** One job; its page follows it while it is unfinished. */
export function JobView({ initial }: { initial: JobAnswer }) {
  const { id } = initial.job
  const { latest, problem, refresh } = useLive(
    ['/jobs', id],
    () => ok(api.GET('/api/v1/jobs/{id}', { params: { path: { id } } })),
    initial,
    (answer) => paceOf(answer.job.status),
  )
  const { job, workers } = latest
  const action = useJobAction(id, refresh)
  const failed = action.problem ?? problem
  const isLive = isUnfinished(job.status)
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
        <JobFacts job={job} />
        <div className="ml-auto flex gap-2">
          <JobActions {...job} what="the job" busy={action.busy} act={action.act} />
        </div>
      </div>
      <JobProgress job={job} />
      {isLive && workers === 0 && <NoWorker waiting="the job waits" />}
      {job.waitsForSameCode && <OtherCode retry="Queue again" />}
      {failed && <Failure problem={failed} />}
      {job.error && <Failure problem={job.error} />}
      <div className="grid gap-4 lg:grid-cols-2">
        <Panel title="Works on">
          <JobAbout about={job.about} all />
        </Panel>
        <Panel title="Parts">
          {job.intervals.length > 0 ? (
            <JobParts intervals={job.intervals} />
          ) : (
            <p className="text-ink-soft">A worker divides the work into parts when it takes the job.</p>
          )}
          <Workers workers={job.workers} />
        </Panel>
      </div>
      <Panel title="Log">
        <JobLog job={id} isLive={isLive} />
      </Panel>
      <div className="grid gap-4 lg:grid-cols-2">
        {job.result !== null && (
          <Panel title="Result">
            <CodeBlock label="result" text={JSON.stringify(job.result, null, 2)} wrap />
          </Panel>
        )}
        <Panel title="Specification">
          <CodeBlock label="specification" text={JSON.stringify(job.spec, null, 2)} wrap />
        </Panel>
      </div>
    </div>
  )
}

function JobFacts({ job }: { job: JobDetail }) {
  return (
    <Facts>
      <Fact name="state">
        <JobState {...job} />
      </Fact>
      <Fact name="queued">
        <Time at={job.createdAt} />
      </Fact>
      {job.startedAt && (
        <Fact name="started">
          <Time at={job.startedAt} />
        </Fact>
      )}
      {job.startedAt && job.finishedAt && (
        <Fact name="took">{duration((Date.parse(job.finishedAt) - Date.parse(job.startedAt)) / 1000)}</Fact>
      )}
      {job.engine && (
        <Fact name="engine">
          <Engine>{job.engine}</Engine>
        </Fact>
      )}
    </Facts>
  )
}

function JobProgress({ job: { kind, done, total, unit, rate, secondsLeft, hasLiveWorker } }: { job: JobDetail }) {
  if (total === 0) return null
  return (
    <div>
      <Progress done={done} total={total} label={`Progress of ${kind}`} />
      <p className="mt-1 flex flex-wrap gap-x-4">
        <span className="font-mono text-small">
          {count(done)} of {count(total)} {unit}
        </span>
        {hasLiveWorker && rate !== null && (
          <span className="font-mono text-small">
            {number(rate)} {unit}/s
          </span>
        )}
        {hasLiveWorker && secondsLeft !== null && (
          <span className="font-mono text-small">{duration(secondsLeft)} left</span>
        )}
      </p>
    </div>
  )
}

function Workers({ workers }: { workers: JobDetail['workers'] }) {
  if (workers.length === 0) return null
  return (
    <ul className="mt-3">
      {workers.map(({ id, host, pid, engine, part }) => (
        <li key={id} className="text-small">
          <span className="text-ink-soft">part {part + 1} runs in</span>{' '}
          <span className="font-mono">
            process {pid} on {host}
          </span>{' '}
          <span className="text-ink-soft">
            <Engine>{engine}</Engine>
          </span>
        </li>
      ))}
    </ul>
  )
}
