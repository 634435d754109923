'use client'

import { Button, type ButtonLook } from '../ui/Button'
import { Failure } from '../ui/States'
import { JobProgress } from './JobProgress'
import { ANALYSES, useAnalysis, type Analysis } from './useAnalysis'

/** A button that starts statistics or an evaluation and turns into its progress. */
export function StartAnalysis({
  dictionary,
  kind,
  running,
  look,
  compact = false,
  children,
}: {
  dictionary: string
  kind: Analysis
  /** A job that is at work on it already. */
  running?: string | undefined
  look?: ButtonLook
  /** One line, for cells of tables. */
  compact?: boolean
  children?: string
}) {
  const { job, isOver, start, problem, onEnd } = useAnalysis(dictionary, kind, running)
  const verb = children ?? ANALYSES[kind].verb
  return (
    <>
      {job && <JobProgress key={job} job={job} name={ANALYSES[kind].name} onEnd={onEnd} compact={compact} />}
      {(!job || (isOver && !compact)) && (
        <Button look={look} onClick={start} className={compact ? 'h-6' : undefined}>
          {verb}
        </Button>
      )}
      {problem && compact && (
        <span
          role="alert"
          className="text-danger text-small ml-1"
          title={`${problem.message}\n${problem.remedy ?? ''}`}
        >
          failed
        </span>
      )}
      {problem && !compact && (
        <div className="mt-2 text-left">
          <Failure problem={problem} />
        </div>
      )}
    </>
  )
}
