'use client'

import { useEffect, useRef } from 'react'
import { api, ok } from '../api'
import { dateTime } from '../ui/format'
import { Failure } from '../ui/States'
import { useFollowed } from '../useFollowed'
import type { LogLine } from '../../lib/jobs/schema'

const POLL_MS = 1000
const MOST_LINES = 5000

/** The log of a job; new lines appear while the job is live. */
export function JobLog({ job, isLive }: { job: string; isLive: boolean }) {
  const { known, problem } = useFollowed(job, NOTHING, moreLines, { isLive, everyMs: POLL_MS })
  const { lines } = known
  const box = useRef<HTMLOListElement>(null)
  const atEnd = useRef(true)
  useEffect(() => {
    if (box.current && atEnd.current) box.current.scrollTop = box.current.scrollHeight
  }, [lines])
  if (problem) return <Failure problem={problem} />
  if (lines?.length === 0) return <p className="text-ink-soft">No log entries yet.</p>
  return (
    <ol
      ref={box}
      tabIndex={0}
      aria-label="Log"
      className="max-h-96 min-h-6 overflow-y-auto font-mono text-small"
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        atEnd.current = scrollTop + clientHeight >= scrollHeight - 8
      }}
    >
      {lines?.map(({ id, at, level, text }) => (
        <li key={id} className="grid gap-x-3 py-0.5 sm:grid-cols-[9rem_1fr]">
          <time dateTime={at} className="text-ink-soft whitespace-nowrap">
            {dateTime(at)}:{at.slice(17, 19)}
          </time>
          <span
            className={
              level === 'error'
                ? 'text-danger break-words'
                : level === 'warning'
                  ? 'text-contrary break-words'
                  : 'break-words'
            }
          >
            {level !== 'info' && `${level}: `}
            {text}
          </span>
        </li>
      ))}
    </ol>
  )
}

interface Log {
  /** Absent before the first answer. */
  lines?: LogLine[]
  last?: number
}

const NOTHING: Log = {}

async function moreLines(id: string, { lines = [], last }: Log, signal: AbortSignal): Promise<Log> {
  const query = last === undefined ? {} : { after: last }
  const { lines: more } = await ok(api.GET('/api/v1/jobs/{id}/log', { params: { path: { id }, query }, signal }))
  return { lines: [...lines, ...more].slice(-MOST_LINES), last: more.at(-1)?.id ?? last ?? 0 }
}
