'use client'

import { useState } from 'react'
import { Checkbox, Input } from '../ui/Field'
import { parseStrengths } from './parseStrengths'
import { DEFAULT_STRENGTHS } from '../../lib/steering/setup'

/** Several strengths side by side: each factor multiplies the strength of every edit. */
export function StrengthsField({
  strengths,
  onChange,
}: {
  strengths: number[] | null
  onChange: (strengths: number[] | null) => void
}) {
  const [typed, setTyped] = useState<string>()
  const parsed = typed === undefined ? undefined : parseStrengths(typed)
  const problem = parsed && 'problem' in parsed ? parsed.problem : undefined
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <Checkbox
        label="Several strengths"
        checked={strengths !== null}
        onChange={({ target }) => {
          setTyped(undefined)
          onChange(target.checked ? DEFAULT_STRENGTHS : null)
        }}
      />
      {strengths && (
        <>
          <Input
            aria-label="Strength factors"
            aria-invalid={problem !== undefined}
            className="w-44"
            value={typed ?? strengths.join(', ')}
            onChange={({ target }) => {
              setTyped(target.value)
              const next = parseStrengths(target.value)
              if ('strengths' in next) onChange(next.strengths)
            }}
            onBlur={() => setTyped(undefined)}
          />
          <span className={problem ? 'text-danger text-small' : 'text-ink-soft text-small'} role={problem && 'alert'}>
            {problem ?? '× every strength, one column each'}
          </span>
        </>
      )}
    </div>
  )
}
