'use client'

import { useEffect, useState } from 'react'
import { api, ok } from '../api'
import type { Problem } from '../ui/States'

export interface LiveToken {
  text: string
  /** Absent where the feature is silent, and at positions that statistics leave out. */
  value?: number
  /** The value at a position that statistics leave out. */
  uncounted?: number
}

export interface LiveText {
  /** The text it belongs to. */
  text: string
  tokens: LiveToken[]
}

const DEBOUNCE_MS = 300

/** A feature's activations on a text, requested when typing pauses. A new text cancels earlier requests. */
export function useActivations(dictionary: string, feature: number, text: string) {
  const [live, setLive] = useState<LiveText>()
  const [failed, setFailed] = useState<{ text: string; problem: Problem }>()
  const asks = text.trim() !== ''
  useEffect(() => {
    if (!asks) return
    const abort = new AbortController()
    const timer = setTimeout(() => {
      activationsOn(dictionary, feature, text, abort.signal).then(
        (tokens) => {
          if (abort.signal.aborted) return
          setLive({ text, tokens })
          setFailed(undefined)
        },
        (problem: Problem) => {
          if (!abort.signal.aborted) setFailed({ text, problem })
        },
      )
    }, DEBOUNCE_MS)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [dictionary, feature, text, asks])
  const problem = failed?.text === text ? failed.problem : undefined
  return { live: asks ? live : undefined, problem, pending: asks && live?.text !== text && !problem }
}

async function activationsOn(dictionary: string, feature: number, text: string, signal: AbortSignal) {
  const answer = await ok(
    api.POST('/api/v1/encode', {
      body: { text, dictionaries: [dictionary], top: 1, features: [{ dictionary, feature }] },
      signal,
    }),
  )
  const values = answer.features[0]?.values ?? []
  return answer.tokens.map(({ text }, at): LiveToken => {
    const value = values[at] ?? 0
    if (value === 0) return { text }
    return answer.counted[at] ? { text, value } : { text, uncounted: value }
  })
}
