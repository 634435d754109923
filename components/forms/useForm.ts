'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import type { Problem } from '../ui/States'
import { problemsByField, type Typed } from './formFields'

/**
 * The state of a form that starts something: the typed values are kept in the address, and a refusal is shown at the
 * fields that it is about.
 * @param initial the values when the form opens
 */
export function useForm(initial: () => Typed) {
  const router = useRouter()
  const [typed, setTyped] = useState<Typed>(initial)
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
   * @param send sends the request and returns the address of the page to show next
   * @param fields names of the fields; a refusal is split by them
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
      const withValues = Object.entries(byField).map(([key, text]) => [key, withTyped(text, typed[key])])
      refuse(Object.fromEntries(withValues) as Typed, rest ? { message: rest, remedy } : undefined)
    }
  }
  return { typed, problems, failure, busy, change, refuse, start }
}

/** A reload, or another person with the address, sees the form as it is. */
function keepInAddress(typed: Typed): void {
  const query = new URLSearchParams(Object.entries(typed).filter(([, value]) => value !== ''))
  window.history.replaceState(null, '', `?${query.toString()}`)
}

/** The field may hold another value by the time the refusal is read. */
const withTyped = (problem: string, typed: string | undefined): string =>
  typed ? `${problem} (found “${typed}”)` : problem

function focusOn(name: string): void {
  const element = document.getElementById(`field-${name}`)
  element?.closest('details')?.setAttribute('open', '')
  element?.focus()
}
