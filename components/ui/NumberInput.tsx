'use client'

import { useState, type InputHTMLAttributes } from 'react'
import { Input } from './Field'

type Rest = Omit<InputHTMLAttributes<HTMLInputElement>, 'value' | 'onChange' | 'min' | 'max' | 'type'>

/**
 * A field for a number. Every valid number is reported at once. An invalid text stays in the field, marked, until the
 * field loses the focus; then the last valid number comes back.
 */
export function NumberInput({
  value,
  onValue,
  min = -Infinity,
  max = Infinity,
  integer = false,
  ...rest
}: {
  value: number
  onValue: (value: number) => void
  min?: number
  max?: number
  integer?: boolean
} & Rest) {
  const [typed, setTyped] = useState<string>()
  const isValid = (text: string) => {
    const number = Number(text)
    const isNumber = text.trim() !== '' && Number.isFinite(number)
    return isNumber && number >= min && number <= max && (!integer || Number.isInteger(number))
  }
  return (
    <Input
      inputMode={integer ? 'numeric' : 'decimal'}
      aria-invalid={typed !== undefined && !isValid(typed)}
      value={typed ?? String(value)}
      onChange={({ target }) => {
        setTyped(target.value)
        if (isValid(target.value)) onValue(Number(target.value))
      }}
      onBlur={() => setTyped(undefined)}
      onKeyDown={(event) => {
        const step = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0
        if (step === 0) return
        event.preventDefault()
        setTyped(undefined)
        const size = integer ? 1 : 0.1
        const next = Number((value + step * size).toPrecision(12))
        if (next >= min && next <= max) onValue(next)
      }}
      {...rest}
    />
  )
}
