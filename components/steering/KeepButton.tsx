'use client'

import { Pin } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { ApiProblem } from '../../lib/api/client/client'
import { wholeAnswer, type GrowingAnswer } from '../../lib/steering/answer'
import type { Intervention } from '../../trainer/steering/intervention'
import { api, ok } from '../api'
import { Button, buttonClass } from '../ui/Button'
import { CopyAddress } from '../ui/CopyAddress'
import { Failure, type Problem } from '../ui/States'

/** Stores the answer under an address. */
export function KeepButton({ intervention, answer }: { intervention: Intervention; answer: GrowingAnswer }) {
  const [kept, setKept] = useState<{ id: string }>()
  const [problem, setProblem] = useState<Problem>()
  const [busy, setBusy] = useState(false)
  const whole = wholeAnswer(answer)
  if (!whole) return null
  const keep = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      setKept(await ok(api.POST('/api/v1/generations', { body: { intervention, answer: whole } })))
    } catch (thrown) {
      setProblem(thrown instanceof ApiProblem ? thrown : { message: (thrown as Error).message })
    } finally {
      setBusy(false)
    }
  }
  if (kept) {
    return (
      <>
        <Link href={`/steer/${kept.id}`} className={buttonClass()}>
          Open the kept answer
        </Link>
        <CopyAddress address={() => `${window.location.origin}/steer/${kept.id}`}>Copy its address</CopyAddress>
      </>
    )
  }
  return (
    <>
      <Button disabled={busy} onClick={() => void keep()}>
        <Pin aria-hidden className="size-3.5" /> Keep
      </Button>
      {problem && <Failure problem={problem} />}
    </>
  )
}
