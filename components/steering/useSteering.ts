'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import { steerStream } from '../../lib/api/client/steer'
import { ApiProblem } from '../../lib/api/client/client'
import { grow, type GrowingAnswer } from '../../lib/steering/answer'
import type { Intervention } from '../../trainer/steering/intervention'
import { CLIENT_ID } from '../api'
import type { Problem } from '../ui/States'

export interface Steering {
  phase: 'idle' | 'waiting' | 'running' | 'finished' | 'stopped' | 'failed'
  /** The intervention of the last run. */
  intervention: Intervention | null
  answer: GrowingAnswer | null
  /** Number of generations before this one, while it waits. */
  ahead: number
  problem: Problem | null
  /** Mean over the tokens so far. */
  tokensPerSecond: number | null
  run: (intervention: Intervention) => void
  stop: () => void
}

type State = Omit<Steering, 'run' | 'stop'>

const IDLE: State = {
  phase: 'idle',
  intervention: null,
  answer: null,
  ahead: 0,
  problem: null,
  tokensPerSecond: null,
}

/** Runs one answer at a time. A new run, and leaving the page, stop the previous one. */
export function useSteering(): Steering {
  const [state, setState] = useState<State>(IDLE)
  const current = useRef<AbortController>(null)
  useEffect(() => () => current.current?.abort(), [])
  const run = useCallback((intervention: Intervention) => {
    current.current?.abort()
    const controller = new AbortController()
    current.current = controller
    const update = (change: Partial<State>) => {
      if (current.current === controller) setState((before) => ({ ...before, ...change }))
    }
    setState({ ...IDLE, phase: 'waiting', intervention })
    follow(intervention, controller.signal, update).catch((thrown: unknown) => {
      if (!controller.signal.aborted) update({ phase: 'failed', problem: problemOf(thrown) })
    })
  }, [])
  const stop = useCallback(() => {
    current.current?.abort()
    setState((before) => (isBusy(before) ? { ...before, phase: 'stopped' } : before))
  }, [])
  return { ...state, run, stop }
}

export const isBusy = ({ phase }: Pick<Steering, 'phase'>) => phase === 'waiting' || phase === 'running'

async function follow(
  intervention: Intervention,
  signal: AbortSignal,
  update: (change: Partial<State>) => void,
): Promise<void> {
  let answer: GrowingAnswer | null = null
  let started = 0
  for await (const frame of steerStream(intervention, { client: CLIENT_ID, signal })) {
    if (signal.aborted) return
    if (frame.type === 'queued') {
      update({ ahead: frame.ahead })
      continue
    }
    if (frame.type === 'start') started = performance.now()
    answer = grow(answer, frame)
    const seconds = frame.type === 'end' ? frame.seconds : (performance.now() - started) / 1000
    const tokensPerSecond = answer && answer.tokens > 0 && seconds > 0 ? answer.tokens / seconds : null
    update({ phase: frame.type === 'end' ? 'finished' : 'running', answer, ahead: 0, tokensPerSecond })
  }
}

function problemOf(thrown: unknown): Problem {
  if (thrown instanceof ApiProblem) return { message: thrown.message, remedy: thrown.remedy }
  return { message: `the page failed: ${(thrown as Error).message}`, remedy: 'reload it and run again' }
}
