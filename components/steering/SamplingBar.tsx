'use client'

import { useState } from 'react'
import type { Sampling } from '../../trainer/steering/intervention'
import { Tooltip } from '../ui/Tooltip'
import { Input } from '../ui/Field'
import { NumberInput } from '../ui/NumberInput'
import { formatStops, parseStops } from './stops'

const NUMBERS = [
  { key: 'seed', name: 'seed', meaning: 'Equal seeds give equal text', min: 0, max: 2 ** 31 - 1, integer: true },
  {
    key: 'temperature',
    name: 'temperature',
    meaning: '0 picks the most likely token each time',
    min: 0,
    max: 10,
    integer: false,
  },
  {
    key: 'topP',
    name: 'top-p',
    meaning: 'Samples from the smallest set of tokens with this total probability',
    min: 1e-6,
    max: 1,
    integer: false,
  },
  {
    key: 'maxTokens',
    name: 'tokens',
    meaning: 'Maximum number of tokens in each answer',
    min: 1,
    max: 8192,
    integer: true,
  },
] as const

/** The settings of sampling. */
export function SamplingBar({ sampling, onChange }: { sampling: Sampling; onChange: (sampling: Sampling) => void }) {
  const [typedStops, setTypedStops] = useState<string>()
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2" role="group" aria-label="Sampling">
      {NUMBERS.map(({ key, name, meaning, min, max, integer }) => (
        <label key={key} className="flex items-center gap-1.5">
          <Tooltip text={meaning}>
            <span className="text-ink-soft">{name}</span>
          </Tooltip>
          <NumberInput
            min={min}
            max={max}
            integer={integer}
            value={sampling[key]}
            className="w-16 text-right"
            onValue={(value) => onChange({ ...sampling, [key]: value })}
          />
        </label>
      ))}
      <label className="flex items-center gap-1.5">
        <Tooltip text="The answer ends before the first of these texts. Separate them with commas; \n is a new line">
          <span className="text-ink-soft">stop</span>
        </Tooltip>
        <Input
          className="w-28"
          placeholder="\n\n"
          value={typedStops ?? formatStops(sampling.stop)}
          onChange={({ target }) => {
            setTypedStops(target.value)
            onChange({ ...sampling, stop: parseStops(target.value).slice(0, 16) })
          }}
          onBlur={() => setTypedStops(undefined)}
        />
      </label>
    </div>
  )
}
