'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { api, ok } from '../api'
import type { Problem } from '../ui/States'

/** Opens a random feature that fires. */
export function useRandomFeature(dictionary: string): { go: () => void; problem: Problem | undefined } {
  const router = useRouter()
  const [problem, setProblem] = useState<Problem>()
  const go = () => {
    ok(api.GET('/api/v1/dictionaries/{id}/features/random', { params: { path: { id: dictionary } } })).then(
      ({ index }) => router.push(`/dictionaries/${dictionary}/features/${index}`),
      setProblem,
    )
  }
  return { go, problem }
}
