'use client'

import { useState } from 'react'
import { Checkbox, Input } from '../ui/Field'
import { parseSweep } from './sweep'
import { DEFAULT_SWEEP } from './setup'

/** Several strengths side by side: each factor multiplies the strength of every edit. */
export function SweepField({
  sweep,
  onChange,
}: {
  sweep: number[] | null
  onChange: (sweep: number[] | null) => void
}) {
  const [typed, setTyped] = useState<string>()
  const parsed = typed === undefined ? undefined : parseSweep(typed)
  const problem = parsed && 'problem' in parsed ? parsed.problem : undefined
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <Checkbox
        label="Strength sweep"
        checked={sweep !== null}
        onChange={({ target }) => {
          setTyped(undefined)
          onChange(target.checked ? DEFAULT_SWEEP : null)
        }}
      />
      {sweep && (
        <>
          <Input
            aria-label="Factors of the sweep"
            aria-invalid={problem !== undefined}
            className="w-44"
            value={typed ?? sweep.join(', ')}
            onChange={({ target }) => {
              setTyped(target.value)
              const next = parseSweep(target.value)
              if ('sweep' in next) onChange(next.sweep)
            }}
            onBlur={() => setTyped(undefined)}
          />
          <span className={problem ? 'text-danger text-small' : 'text-ink-soft text-small'} role={problem && 'alert'}>
            {problem ?? '× every strength, a column each'}
          </span>
        </>
      )}
    </div>
  )
}
