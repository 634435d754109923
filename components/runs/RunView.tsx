'use client'

import Link from 'next/link'
import type { RunPicture } from '../../lib/runs/pictureSchema'
import type { RunAnswer, RunDetail, RunPoint } from '../../lib/runs/schema'
import { api, ok } from '../api'
import { useJobAction } from '../jobs/JobActions'
import { isUnfinished } from '../jobs/status'
import { NoWorker } from '../jobs/WorkerNote'
import { CodeBlock } from '../ui/CodeBlock'
import { Failure, Panel } from '../ui/States'
import { paceOf, useLive } from '../useLive'
import { RunCheckpoints } from './RunCheckpoints'
import { RunCurves } from './RunCurves'
import { RunFigures } from './RunFigures'
import { RunHeader } from './RunHeader'
import { RunOrigin } from './RunOrigin'
import { RunPictures } from './RunPictures'
import { RunSettings } from './RunSettings'
import { useRunPicture } from './useRunPicture'
import { useRunPoints } from './useRunPoints'

/** One run, live while it is unfinished. */
export function RunView({
  initial,
  initialPoints,
  initialPicture,
  descriptions,
}: {
  initial: RunAnswer
  initialPoints: readonly RunPoint[]
  initialPicture: RunPicture
  /** Meanings of the settings, by name. */
  descriptions: Readonly<Record<string, string>>
}) {
  const { id } = initial.run
  const { latest, problem, refresh } = useLive(
    ['/runs', id],
    () => ok(api.GET('/api/v1/runs/{id}', { params: { path: { id } } })),
    initial,
    (answer) => paceOf(answer.run.status),
  )
  const { run, workers } = latest
  const isLive = isUnfinished(run.status)
  const { points, problem: pointsProblem } = useRunPoints(id, isLive, initialPoints)
  const { picture, problem: pictureProblem } = useRunPicture(run, initial.run, initialPicture)
  const action = useJobAction(run.job?.id ?? '', refresh)
  const failure = problem ?? action.problem ?? pictureProblem
  return (
    <div className="flex flex-col gap-4">
      <RunHeader run={run} busy={action.busy} act={action.act} />
      {isLive && workers === 0 && <NoWorker waiting="the run waits" />}
      {failure && <Failure problem={failure} />}
      {run.error && <RunError run={run} />}
      <RunCurves points={points} config={run.config} problem={pointsProblem} isLive={isLive} />
      <RunPictures run={run} picture={picture} />
      <div className="grid items-start gap-4 md:grid-cols-2 xl:grid-cols-3">
        <Panel title="Held-out figures">
          <RunFigures run={run} report={picture.report} isLive={isLive} />
        </Panel>
        <Panel title="Settings">
          <RunSettings run={run} descriptions={descriptions} />
        </Panel>
        <div className="flex min-w-0 flex-col gap-4 max-xl:col-span-full">
          <Panel title="Made from">
            <RunOrigin run={run} />
          </Panel>
          <Panel title="Checkpoints">
            <RunCheckpoints run={run} isLive={isLive} />
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
  const start = from ? `continues from the checkpoint at step ${from.step}` : 'starts over'
  const remedy = `“Try again” ${start} with the same settings. A run that diverged needs other settings, such as a lower learningRate: “New run like this”.`
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
