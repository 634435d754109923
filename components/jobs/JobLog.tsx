'use client'

import { useEffect, useRef, useState } from 'react'
import { api, ok } from '../api'
import { dateTime } from '../ui/format'
import { Failure, type Problem } from '../ui/States'
import type { LogLine } from './types'

const POLL_MS = 1000
const MOST_LINES = 5000

/** The lines of a job's log, followed while it is live. */
export function JobLog({ job, isLive }: { job: string; isLive: boolean }) {
  const { lines, problem } = useLog(job, isLive)
  const box = useRef<HTMLOListElement>(null)
  const atEnd = useRef(true)
  useEffect(() => {
    if (box.current && atEnd.current) box.current.scrollTop = box.current.scrollHeight
  }, [lines])
  if (problem) return <Failure problem={problem} />
  if (lines?.length === 0) return <p className="text-ink-soft">Nothing has been written down about this job.</p>
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

function useLog(job: string, isLive: boolean) {
  const [lines, setLines] = useState<LogLine[]>()
  const [problem, setProblem] = useState<Problem>()
  const last = useRef<number>(undefined)
  useEffect(() => {
    const controller = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const poll = async () => {
      try {
        const after = last.current
        const query = after === undefined ? {} : { after }
        const { signal } = controller
        const { lines: more } = await ok(
          api.GET('/api/v1/jobs/{id}/log', { params: { path: { id: job }, query }, signal }),
        )
        last.current = more.at(-1)?.id ?? after ?? 0
        setLines((known = []) => (more.length > 0 ? [...known, ...more].slice(-MOST_LINES) : known))
        setProblem(undefined)
      } catch (error) {
        if (controller.signal.aborted) return
        setProblem(error as Problem)
      }
      if (isLive) timer = setTimeout(() => void poll(), POLL_MS)
    }
    void poll()
    return () => {
      controller.abort()
      clearTimeout(timer)
    }
  }, [job, isLive])
  return { lines, problem }
}
