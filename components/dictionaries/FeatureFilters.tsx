'use client'

import { Checkbox, Input, Select } from '../ui/Field'
import { TokenFilter } from './TokenFilter'
import type { Filters, useFilters } from './useFeatures'

type Change = ReturnType<typeof useFilters>['change']

/** Filters of the list of features. */
export function FeatureFilters({
  dictionary,
  filters: { token, label, labelled, from, to, live },
  change,
  onTokens,
}: {
  dictionary: string
  filters: Filters
  change: Change
  onTokens: (tokens: number[]) => void
}) {
  return (
    <>
      <TokenFilter dictionary={dictionary} tokens={token} onChange={onTokens} />
      <Input
        aria-label="Text in the label"
        placeholder="Label contains…"
        className="w-32"
        value={label}
        maxLength={500}
        onChange={({ target }) => change({ label: target.value || null })}
      />
      <Select
        aria-label="Labelled or not"
        value={labelled === null ? '' : String(labelled)}
        onChange={({ target }) => change({ labelled: target.value === '' ? null : target.value === 'true' })}
      >
        <option value="">any label</option>
        <option value="true">labelled</option>
        <option value="false">unlabelled</option>
      </Select>
      <span className="flex items-center gap-1">
        <span className="text-ink-soft">Density</span>
        <Percent label="Smallest density in percent" value={from} onChange={(from) => change({ from })} />
        <span className="text-ink-soft">to</span>
        <Percent label="Largest density in percent" value={to} onChange={(to) => change({ to })} />
        <span className="text-ink-soft">%</span>
      </span>
      <Checkbox label="live only" checked={live} onChange={({ target }) => change({ live: target.checked || null })} />
    </>
  )
}

function Percent({
  label,
  value,
  onChange,
}: {
  label: string
  value: number | null
  onChange: (value: number | null) => void
}) {
  return (
    <Input
      aria-label={label}
      type="number"
      min={0}
      max={100}
      step="any"
      inputMode="decimal"
      className="w-16"
      value={value ?? ''}
      onChange={({ target }) => onChange(target.value === '' ? null : target.valueAsNumber)}
    />
  )
}
