'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import type { Problem } from '../ui/States'
import { problemsByField, type Typed } from './formFields'
import type { HarvestOption } from './HarvestChoice'

/**
 * The state of a form that starts training: what is typed is kept in the address, and a refusal stands beside the
 * fields that it is about.
 * @param initial what the address says
 * @param first what stands in the form when the address says nothing of it; the newest finished harvest is added
 */
export function useTrainingForm(harvests: readonly HarvestOption[], initial: Typed, first: Typed) {
  const router = useRouter()
  const [typed, setTyped] = useState<Typed>(() => ({ engine: 'auto', ...newestReady(harvests), ...first, ...initial }))
  const [problems, setProblems] = useState<Typed>({})
  const [failure, setFailure] = useState<Problem>()
  const [busy, setBusy] = useState(false)
  const change = (name: string, value: string) => {
    const next = { ...typed, [name]: value }
    setTyped(next)
    setFailure(undefined)
    setProblems((known) => Object.fromEntries(Object.entries(known).filter(([key]) => key !== name)))
    keepInAddress(next)
  }
  const refuse = (byField: Typed, rest?: Problem) => {
    setProblems(byField)
    setFailure(rest)
    const [field] = Object.keys(byField)
    if (field) focusOn(field)
  }
  /**
   * @param send asks for the training and gives the address of its page
   * @param fields by whose names a refusal is taken apart
   */
  const start = async (send: () => Promise<string>, fields: readonly string[]) => {
    refuse({})
    setBusy(true)
    try {
      router.push(await send())
    } catch (error) {
      setBusy(false)
      const { message, remedy } = error as Problem
      const { '': rest, ...byField } = problemsByField(message, fields)
      const found = Object.entries(byField).map(([key, text]) => [key, withFound(text, typed[key])])
      refuse(Object.fromEntries(found) as Typed, rest ? { message: rest, remedy } : undefined)
    }
  }
  const harvest = harvests.find(({ name, id }) => name === typed['harvest'] || id === typed['harvest'])
  return { typed, harvest, problems, failure, busy, change, refuse, start }
}

export type TrainingFormState = ReturnType<typeof useTrainingForm>

function newestReady(harvests: readonly HarvestOption[]): Typed {
  const ready = harvests.find(({ status }) => status === 'finished')
  return ready ? { harvest: ready.name } : {}
}

/** So that a reload, or somebody else, finds the form as it is. */
function keepInAddress(typed: Typed): void {
  const query = new URLSearchParams(Object.entries(typed).filter(([, value]) => value !== ''))
  window.history.replaceState(null, '', `?${query.toString()}`)
}

/** What stands in the field may be long past what the refusal was about. */
const withFound = (problem: string, typed: string | undefined): string =>
  typed ? `${problem} (found “${typed}”)` : problem

function focusOn(name: string): void {
  const element = document.getElementById(`field-${name}`)
  element?.closest('details')?.setAttribute('open', '')
  element?.focus()
}
