'use client'

import { TextCursorInput, X } from 'lucide-react'
import { Popover } from 'radix-ui'
import useSWR from 'swr'
import { api, ok } from '../api'
import { visible } from '../tokens/visible'
import { buttonClass } from '../ui/Button'
import { cx } from '../ui/cx'
import { MENU } from '../ui/menu'
import { TokenSearch } from './TokenSearch'

/** Chooses tokens by typing; the list then shows the features that fire on any of them. */
export function TokenFilter({
  dictionary,
  tokens,
  onChange,
}: {
  dictionary: string
  tokens: readonly number[]
  onChange: (tokens: number[]) => void
}) {
  const names = useTokenNames(dictionary, tokens)
  const flip = (token: number) =>
    onChange(tokens.includes(token) ? tokens.filter((other) => other !== token) : [...tokens, token])
  return (
    <span className="flex flex-wrap items-center gap-1">
      <Popover.Root>
        <Popover.Trigger className={buttonClass()}>
          <TextCursorInput aria-hidden className="size-3.5" /> Token…
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content
            align="start"
            sideOffset={4}
            collisionPadding={8}
            aria-label="Tokens"
            className={cx(MENU, 'w-80')}
          >
            <TokenSearch dictionary={dictionary} chosen={tokens} onPick={flip} />
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      {tokens.map((token) => (
        <button
          key={token}
          type="button"
          aria-label={`Remove the token ${names.get(token) ?? token}`}
          className="border-accent bg-accent-soft text-accent flex h-7 items-center gap-1 rounded border px-1.5"
          onClick={() => flip(token)}
        >
          <span className="font-reading whitespace-pre">{visible(names.get(token) ?? `${token}`)}</span>
          <X aria-hidden className="size-3" />
        </button>
      ))}
    </span>
  )
}

function useTokenNames(dictionary: string, tokens: readonly number[]): ReadonlyMap<number, string> {
  const { data } = useSWR(
    tokens.length > 0 ? ['tokens', dictionary, tokens.join(',')] : null,
    ([, id, token]) => ok(api.GET('/api/v1/dictionaries/{id}/tokens', { params: { path: { id }, query: { token } } })),
    { keepPreviousData: true, revalidateOnFocus: false },
  )
  return new Map((data?.tokens ?? []).map(({ token, text }) => [token, text]))
}
