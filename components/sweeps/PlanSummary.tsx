import { bytes, count, duration } from '../ui/format'
import { Failure, Panel } from '../ui/States'
import type { Planned } from './useSweepPlan'

/** The runs of a sweep before it starts: how many, their memory and their time. */
export function PlanSummary({
  plan: { data, error, isLoading },
  missing,
}: {
  plan: Planned
  missing: readonly string[]
}) {
  return (
    <Panel title="Plan">
      {missing.length > 0 ? (
        <p className="text-ink-soft">Still missing: {missing.join(', ')}.</p>
      ) : error ? (
        <Failure problem={error} />
      ) : data ? (
        <Plan runs={data.runs} />
      ) : (
        <p className="text-ink-soft">{isLoading ? 'Planning…' : 'Choose a harvest to see the plan.'}</p>
      )}
    </Panel>
  )
}

function Plan({ runs }: { runs: NonNullable<Planned['data']>['runs'] }) {
  const known = runs.flatMap(({ seconds }) => (seconds === null ? [] : [seconds]))
  const total = known.reduce((sum, seconds) => sum + seconds, 0)
  return (
    <>
      <dl className="grid grid-cols-[1fr_max-content] gap-x-4">
        <dt className="text-ink-soft">runs</dt>
        <dd className="text-right font-mono text-small">{count(runs.length)}</dd>
        <dt className="text-ink-soft">memory of a worker, at most</dt>
        <dd className="text-right font-mono text-small">{bytes(Math.max(...runs.map((run) => run.bytes)))}</dd>
        <dt className="text-ink-soft">time on one worker, roughly</dt>
        <dd className="text-right font-mono text-small">
          {known.length === runs.length ? duration(total) : 'unknown'}
        </dd>
      </dl>
      <p className="text-ink-soft text-small mt-1">
        {known.length === runs.length
          ? 'Estimated from the speed of similar earlier runs; several workers share the runs.'
          : 'No earlier run reads activations of this width, so the time cannot be estimated.'}
      </p>
      <ol className="mt-2 max-h-60 list-decimal overflow-y-auto border-t pt-2 pl-6" tabIndex={0} aria-label="Runs">
        {runs.map(({ label, steps }) => (
          <li key={label} className="font-mono text-small">
            {label} <span className="text-ink-soft">{count(steps)} steps</span>
          </li>
        ))}
      </ol>
    </>
  )
}
