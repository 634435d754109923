'use client'

import { Command } from 'cmdk'
import { useState } from 'react'
import useSWR from 'swr'
import type { AttachedDictionary } from '../../lib/catalog/schema'
import type { FeatureEdit } from '../../trainer/steering/intervention'
import { api, ok } from '../api'
import { number, percent } from '../ui/format'
import { Field, Select } from '../ui/Field'
import { Failure, type Problem } from '../ui/States'
import { initialStrength } from '../../lib/steering/setup'

/** Words for which most dictionaries have features. */
const EXAMPLES = ['city', 'music', 'water', 'years', 'money', '#100']

/** A search box over the features of a dictionary: by number, token or label. */
export function AddFeature({
  dictionaries,
  onAdd,
}: {
  /** Dictionaries of the chosen model. */
  dictionaries: readonly AttachedDictionary[]
  onAdd: (edit: FeatureEdit) => void
}) {
  const [chosen, setChosen] = useState<string>()
  const [text, setText] = useState('')
  const dictionary = dictionaries.find(({ id }) => id === chosen) ?? dictionaries[0]
  const typed = text.trim()
  const search = useSWR(
    dictionary && typed !== '' ? ['search', dictionary.id, typed] : null,
    ([, id, query]) =>
      ok(api.GET('/api/v1/dictionaries/{id}/search', { params: { path: { id }, query: { text: query } } })),
    { keepPreviousData: true, revalidateOnFocus: false },
  )
  if (!dictionary) return <p className="text-ink-soft">This model has no dictionary yet: add a vector instead.</p>
  const add = (feature: number, maximum: number) => {
    onAdd({
      dictionary: dictionary.name,
      feature,
      mode: 'add',
      positions: 'all',
      strength: initialStrength('add', maximum),
    })
    setText('')
  }
  const features = typed === '' ? [] : (search.data?.features ?? [])
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div className="flex flex-wrap items-end gap-3">
        {dictionaries.length > 1 && (
          <Field label="Dictionary" className="max-w-full">
            <Select value={dictionary.id} onChange={({ target }) => setChosen(target.value)}>
              {dictionaries.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          </Field>
        )}
        <Command shouldFilter={false} label="Add a feature" className="relative min-w-0 flex-1 basis-72">
          <Command.Input
            value={text}
            onValueChange={setText}
            placeholder="Add a feature: a word it fires on, its number, or its label"
            className="border-line-strong bg-raised h-7 w-full rounded border px-2"
          />
          <Command.List
            hidden={typed === ''}
            className="bg-raised shadow-float absolute top-8 right-0 left-0 z-20 max-h-72 overflow-y-auto rounded border p-1"
          >
            <Command.Empty className="text-ink-soft px-2 py-2">
              {search.isLoading
                ? 'Searching…'
                : `No feature for “${typed}”: try another word, or a number below ${dictionary.width}.`}
            </Command.Empty>
            {features.map(({ index, label, why, density, maxActivation }) => (
              <Command.Item
                key={index}
                value={String(index)}
                onSelect={() => add(index, maxActivation)}
                className="aria-selected:bg-accent-soft flex cursor-pointer items-baseline gap-2 rounded px-2 py-1"
              >
                <span className="font-mono">#{index}</span>
                <span className="min-w-0 truncate">{label ? label.text : why}</span>
                <span className="text-ink-soft text-small ml-auto font-mono whitespace-nowrap">
                  max {number(maxActivation)} · {percent(density, 2)}
                </span>
              </Command.Item>
            ))}
          </Command.List>
        </Command>
      </div>
      {search.error !== undefined && <Failure problem={search.error as Problem} />}
      <p className="text-ink-soft text-small flex flex-wrap items-center gap-1">
        For example
        {EXAMPLES.map((example) => (
          <button
            key={example}
            type="button"
            className="bg-surface hover:text-ink rounded border px-1.5"
            onClick={() => setText(example)}
          >
            {example}
          </button>
        ))}
      </p>
    </div>
  )
}
