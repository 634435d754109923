'use client'

import { ArrowLeftRight } from 'lucide-react'
import { useRouter } from 'next/navigation'
import type { ComparableOption } from '../../lib/catalog/schema'
import { differences } from '../../trainer/sae/dictionary/site'
import { IconButton } from '../ui/Button'
import { Field, Select } from '../ui/Field'

/** Chooses the two dictionaries; the address holds them. */
export function CompareChoice({
  options,
  a,
  b,
}: {
  options: readonly ComparableOption[]
  a: string | undefined
  b: string | undefined
}) {
  const router = useRouter()
  const go = (first: string | undefined, second: string | undefined) => {
    const query = new URLSearchParams({ ...(first && { a: first }), ...(second && { b: second }) })
    router.push(`/compare?${query.toString()}`)
  }
  const [ofA, ofB] = [a, b].map((id) => options.find((option) => option.id === id))
  return (
    <div className="grid items-end gap-2 sm:grid-cols-[minmax(0,1fr)_max-content_minmax(0,1fr)]">
      <Choice label="A" options={options} chosen={a} other={ofB} onChoose={(id) => go(id, b)} />
      <IconButton label="Swap A and B" disabled={!a || !b} onClick={() => go(b, a)}>
        <ArrowLeftRight aria-hidden className="size-4" />
      </IconButton>
      <Choice label="B" options={options} chosen={b} other={ofA} onChoose={(id) => go(a, id)} />
    </div>
  )
}

function Choice({
  label,
  options,
  chosen,
  other,
  onChoose,
}: {
  label: string
  options: readonly ComparableOption[]
  chosen: string | undefined
  other: ComparableOption | undefined
  onChoose: (id: string) => void
}) {
  return (
    <Field label={`Dictionary ${label}`}>
      <Select
        value={chosen ?? ''}
        onChange={({ target }) => onChoose(target.value)}
        className="w-full font-mono text-small"
      >
        {!chosen && <option value="">choose one</option>}
        {options.map((option) => (
          <option key={option.id} value={option.id} disabled={other && differences(option, other).length > 0}>
            {option.name}
          </option>
        ))}
      </Select>
    </Field>
  )
}
