import type { JobDetail } from '../../lib/jobs/schema'

const COLOURS: Record<string, string> = {
  pending: 'bg-surface border-line-strong',
  running: 'bg-accent-soft border-accent',
  finished: 'bg-accent border-accent',
  failed: 'bg-danger border-danger',
  cancelled: 'bg-surface border-danger',
}

/** With more parts than this, a square stands for several. */
const MOST_SQUARES = 2000

/** Every part as a small square, in order. The colour is its state; the counts are also given in words. */
export function JobParts({ intervals }: { intervals: JobDetail['intervals'] }) {
  const total = intervals.reduce((sum, { parts }) => sum + parts, 0)
  const each = Math.ceil(total / MOST_SQUARES)
  const counts = [...countsOf(intervals)]
  const summary = counts.map(([status, parts]) => `${parts.toLocaleString('en-US')} ${status}`).join(', ')
  return (
    <>
      <ul className="mb-2 flex flex-wrap gap-x-4 gap-y-1">
        {counts.map(([status, parts]) => (
          <li key={status} className="flex items-center gap-1.5">
            <span aria-hidden className={`size-2.5 rounded-[2px] border ${COLOURS[status]}`} />
            {parts.toLocaleString('en-US')} {status}
          </li>
        ))}
        {each > 1 && <li className="text-ink-soft">one square is {each} parts</li>}
      </ul>
      <div role="img" aria-label={`Parts in order: ${summary}`} className="flex flex-wrap gap-0.5">
        {squares(intervals, each).map(({ status, from, to }) => (
          <span
            key={from}
            title={`${from === to ? `part ${from + 1}` : `parts ${from + 1} to ${to + 1}`}: ${status}`}
            className={`size-2.5 rounded-[2px] border ${COLOURS[status]}`}
          />
        ))}
      </div>
    </>
  )
}

function countsOf(intervals: JobDetail['intervals']): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { status, parts } of intervals) counts.set(status, (counts.get(status) ?? 0) + parts)
  return counts
}

/** A square that stands for several parts shows the least finished of their states. */
const ORDER = ['failed', 'cancelled', 'running', 'pending', 'finished']

function squares(intervals: JobDetail['intervals'], each: number) {
  const states = intervals.flatMap(({ status, parts }) => Array.from({ length: parts }, () => status))
  return Array.from({ length: Math.ceil(states.length / each) }, (_, at) => {
    const from = at * each
    const group = states.slice(from, from + each)
    const status = group.reduce((worst, one) => (ORDER.indexOf(one) < ORDER.indexOf(worst) ? one : worst))
    return { status, from, to: from + group.length - 1 }
  })
}
