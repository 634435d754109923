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
  /** What was asked for last. */
  intervention: Intervention | null
  answer: GrowingAnswer | null
  /** Generations that come before this one, while it waits. */
  ahead: number
  problem: Problem | null
  /** Of the tokens so far. */
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

/** One answer at a time: a new run stops the one before; leaving the page stops it too. */
export function useSteering(): Steering {
  const [state, setState] = useState<State>(IDLE)
  const current = useRef<AbortController>(null)
  useEffect(() => () => current.current?.abort(), [])
  const run = useCallback((intervention: Intervention) => {
    current.current?.abort()
    const mine = new AbortController()
    current.current = mine
    const update = (change: Partial<State>) => {
      if (current.current === mine) setState((before) => ({ ...before, ...change }))
    }
    setState({ ...IDLE, phase: 'waiting', intervention })
    follow(intervention, mine.signal, update).catch((thrown: unknown) => {
      if (!mine.signal.aborted) update({ phase: 'failed', problem: problemOf(thrown) })
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
  for await (const event of steerStream(intervention, { client: CLIENT_ID, signal })) {
    if (signal.aborted) return
    if (event.type === 'queued') {
      update({ ahead: event.ahead })
      continue
    }
    if (event.type === 'start') started = performance.now()
    answer = grow(answer, event)
    const seconds = event.type === 'end' ? event.seconds : (performance.now() - started) / 1000
    const tokensPerSecond = answer && answer.tokens > 0 && seconds > 0 ? answer.tokens / seconds : null
    update({ phase: event.type === 'end' ? 'finished' : 'running', answer, ahead: 0, tokensPerSecond })
  }
}

function problemOf(thrown: unknown): Problem {
  if (thrown instanceof ApiProblem) return { message: thrown.message, remedy: thrown.remedy }
  return { message: `the page failed: ${(thrown as Error).message}`, remedy: 'reload it and run again' }
}
