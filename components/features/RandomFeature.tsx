'use client'

import { Shuffle } from 'lucide-react'
import { Button } from '../ui/Button'
import { useRandomFeature } from './randomFeature'

export function RandomFeature({ dictionary }: { dictionary: string }) {
  const { go, problem } = useRandomFeature(dictionary)
  return (
    <>
      {problem && (
        <span role="alert" className="text-danger">
          {problem.message}
        </span>
      )}
      <Button onClick={go}>
        <Shuffle aria-hidden className="size-3.5" /> Random feature
      </Button>
    </>
  )
}
