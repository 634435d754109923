'use client'

import { Command } from 'cmdk'
import { Check } from 'lucide-react'
import { useState } from 'react'
import useSWR from 'swr'
import { api, ok } from '../api'
import { visible } from '../tokens/visible'
import { cx } from '../ui/cx'
import { count } from '../ui/format'
import { Failure, type Problem } from '../ui/States'
import { useSettled } from '../useSettled'

const TYPING_MS = 150

/** Searches tokens by a typed word, with the number of features that fire on each. */
export function TokenSearch({
  dictionary,
  chosen,
  onPick,
}: {
  dictionary: string
  chosen: readonly number[]
  onPick: (token: number) => void
}) {
  const [text, setText] = useState('')
  const settled = useSettled(text, TYPING_MS)
  const { data, ...answer } = useSWR(
    settled === '' ? null : ['token search', dictionary, settled],
    ([, id, text]) => ok(api.GET('/api/v1/dictionaries/{id}/tokens', { params: { path: { id }, query: { text } } })),
    { keepPreviousData: true, revalidateOnFocus: false },
  )
  const problem = answer.error as Problem | undefined
  const matches = text === '' ? [] : (data?.tokens ?? [])
  return (
    <Command shouldFilter={false} label="Tokens">
      <Command.Input
        autoFocus
        value={text}
        onValueChange={setText}
        maxLength={200}
        placeholder="A word, or a piece of one"
        className="h-8 w-full border-b bg-transparent px-2 outline-none"
      />
      {problem && <Failure problem={problem} />}
      <Command.List className="h-64 overflow-y-auto py-1">
        {text !== '' && data && matches.length === 0 && <p className="text-ink-soft px-2 py-1">No token matches.</p>}
        {text === '' && (
          <p className="text-ink-soft px-2 py-1">
            Tokens of the model that match what you type; · stands for a space. Choose several to see features that fire
            on any of them.
          </p>
        )}
        {matches.map(({ token, text, features }) => (
          <Command.Item
            key={token}
            value={String(token)}
            disabled={features === 0 && !chosen.includes(token)}
            onSelect={() => onPick(token)}
            className={cx(
              'data-[selected=true]:bg-accent-soft flex cursor-pointer items-center gap-2 rounded px-2 py-0.5 data-[selected=true]:text-accent',
              features === 0 && 'text-ink-soft cursor-default',
            )}
          >
            <Check aria-hidden className={cx('size-3.5', !chosen.includes(token) && 'invisible')} />
            <span className="font-reading min-w-0 truncate whitespace-pre">{visible(text)}</span>
            <span className="text-small ml-auto shrink-0">
              {features === 0 ? 'none' : `${count(features)} ${features === 1 ? 'feature' : 'features'}`}
            </span>
          </Command.Item>
        ))}
      </Command.List>
    </Command>
  )
}
