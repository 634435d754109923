'use client'

import Link from 'next/link'
import useSWR from 'swr'
import { api, ok } from '../api'
import { DEDUPE_MS } from '../polling'
import { useJobAction } from '../jobs/JobActions'
import { isUnfinished } from '../jobs/types'
import { NoWorker } from '../jobs/WorkerNote'
import { CodeBlock } from '../ui/CodeBlock'
import { Failure, Panel, type Problem } from '../ui/States'
import { RunCheckpoints } from './RunCheckpoints'
import { RunCurves } from './RunCurves'
import { RunFigures } from './RunFigures'
import { RunHeader } from './RunHeader'
import { RunSettings } from './RunSettings'
import type { RunAnswer, RunDetail, RunPoint } from './types'
import { useRunPoints } from './useRunPoints'

const LIVE_MS = 700
/** Somebody else may put an ended run back into the queue. */
const ENDED_MS = 10_000

/** One run, followed while it is unfinished. */
export function RunView({
  initial,
  initialPoints,
  descriptions,
}: {
  initial: RunAnswer
  initialPoints: readonly RunPoint[]
  /** Of the settings, by name. */
  descriptions: Readonly<Record<string, string>>
}) {
  const { id } = initial.run
  const { data, error, mutate } = useSWR<RunAnswer, Problem>(
    ['/runs', id],
    () => ok(api.GET('/api/v1/runs/{id}', { params: { path: { id } } })),
    {
      fallbackData: initial,
      dedupingInterval: DEDUPE_MS,
      refreshInterval: (latest) => (isUnfinished((latest ?? initial).run.status) ? LIVE_MS : ENDED_MS),
    },
  )
  const { run, workers } = data ?? initial
  const isLive = isUnfinished(run.status)
  const { points, problem: pointsProblem } = useRunPoints(id, isLive, initialPoints)
  const { busy, problem, act } = useJobAction(run.job?.id ?? '', () => mutate())
  return (
    <div className="flex flex-col gap-4">
      <RunHeader run={run} busy={busy} act={act} />
      {isLive && workers === 0 && <NoWorker waiting="the run waits" />}
      {(error ?? problem) && <Failure problem={(error ?? problem)!} />}
      {run.error && <RunError run={run} />}
      <RunCurves points={points} problem={pointsProblem} isLive={isLive} />
      <div className="grid items-start gap-4 md:grid-cols-2 xl:grid-cols-3">
        <Panel title="Held-out figures">
          <RunFigures metrics={run.metrics} isLive={isLive} />
        </Panel>
        <Panel title="Settings">
          <RunSettings run={run} descriptions={descriptions} />
        </Panel>
        <div className="flex min-w-0 flex-col gap-4 max-xl:col-span-full">
          <Panel title="Made from">
            <Origin run={run} />
          </Panel>
          <Panel title="Checkpoints">
            <RunCheckpoints checkpoints={run.checkpoints} isLive={isLive} />
          </Panel>
          <Panel title="The same again, from the command line">
            <CodeBlock label="command" text={run.command} wrap />
          </Panel>
        </div>
      </div>
    </div>
  )
}

function RunError({ run: { error, checkpoints, job } }: { run: RunDetail }) {
  const from = checkpoints[0]
  const start = from ? `goes on from the checkpoint at step ${from.step}` : 'begins anew'
  const remedy = `“Try again” ${start} with the same settings. A run that diverged needs others, such as a lower learningRate: “New run like this”.`
  return (
    <Failure problem={{ message: error!.message, remedy }}>
      {job && (
        <Link href={`/jobs/${job.id}`} className="text-accent underline">
          Log of its job
        </Link>
      )}
    </Failure>
  )
}

function Origin({ run: { harvest, job } }: { run: RunDetail }) {
  return (
    <dl className="grid grid-cols-[max-content_1fr] gap-x-5 gap-y-0.5">
      <dt className="text-ink-soft">harvest</dt>
      <dd className="min-w-0">
        <Link href={`/harvests/${harvest.id}`} className="text-accent font-mono text-small break-all hover:underline">
          {harvest.name}
        </Link>
      </dd>
      <dt className="text-ink-soft">model</dt>
      <dd className="font-mono text-small">{harvest.model.name}</dd>
      <dt className="text-ink-soft">hook</dt>
      <dd className="font-mono text-small break-all">{harvest.hook}</dd>
      {job && (
        <>
          <dt className="text-ink-soft">job</dt>
          <dd className="min-w-0">
            <Link href={`/jobs/${job.id}`} className="text-accent font-mono text-small hover:underline">
              {job.id}
            </Link>
          </dd>
        </>
      )}
    </dl>
  )
}
