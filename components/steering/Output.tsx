'use client'

import { RotateCcw } from 'lucide-react'
import { Button } from '../ui/Button'
import { Failure, Panel } from '../ui/States'
import { Answers } from './Answers'
import { KeepButton } from './KeepButton'
import { statusOf } from './status'
import { isBusy, type Steering } from './useSteering'

/** The answers of the last run. */
export function Output({ steering }: { steering: Steering }) {
  const { phase, answer, problem, intervention, run } = steering
  return (
    <Panel
      title="Output"
      actions={
        <>
          <p role="status" className="text-ink-soft text-small">
            {statusOf(steering)}
          </p>
          {phase === 'finished' && answer && intervention && (
            <KeepButton key={answer.seconds} intervention={intervention} answer={answer} />
          )}
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {problem && (
          <Failure problem={problem}>
            {intervention && (
              <Button className="mt-2" onClick={() => run(intervention)}>
                <RotateCcw aria-hidden className="size-3.5" /> Run again
              </Button>
            )}
          </Failure>
        )}
        {answer ? (
          <Answers answers={answer.answers} busy={isBusy(steering)} />
        ) : (
          <p className="text-ink-soft min-h-48">
            {phase === 'idle'
              ? 'The model’s own continuation appears here next to the steered one. Colours show how much the edits changed each token.'
              : null}
          </p>
        )}
      </div>
    </Panel>
  )
}
