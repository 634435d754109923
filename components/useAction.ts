'use client'

import { useState } from 'react'
import type { Problem } from './ui/States'

/**
 * Sends an action to the server, one at a time, and keeps its answer or problem for the component to show.
 * @param onDone called after each action, successful or not
 */
export function useAction<Action extends string, Answer>(
  perform: (action: Action) => Promise<Answer>,
  onDone: () => unknown,
) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const [done, setDone] = useState<{ action: Action; answer: Answer }>()
  const act = (action: Action) => {
    setBusy(true)
    setProblem(undefined)
    setDone(undefined)
    void perform(action)
      .then((answer) => setDone({ action, answer }))
      .catch((error: unknown) => setProblem(error as Problem))
      .finally(() => {
        setBusy(false)
        void onDone()
      })
  }
  return { busy, problem, done, act }
}
