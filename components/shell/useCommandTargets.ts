'use client'

import { useParams } from 'next/navigation'
import useSWR from 'swr'
import { api, ok } from '../api'
import { percent } from '../ui/format'
import { useSettled } from '../useSettled'

export interface Target {
  href: string
  name: string
  note?: string
}

export interface TargetGroup {
  heading: string
  targets: Target[]
}

const PAGES: readonly Target[] = [
  { href: '/', name: 'Dictionaries' },
  { href: '/prompt', name: 'Prompt' },
  { href: '/steer', name: 'Steer' },
  { href: '/runs', name: 'Runs' },
  { href: '/runs/new', name: 'New run' },
  { href: '/sweeps', name: 'Sweeps' },
  { href: '/sweeps/new', name: 'New sweep' },
  { href: '/compare', name: 'Compare' },
  { href: '/harvests', name: 'Harvests' },
  { href: '/jobs', name: 'Jobs' },
  { href: '/docs/api', name: 'API' },
]

const TYPING_MS = 120
const MOST_DICTIONARIES = 6
const CALM = { keepPreviousData: true, revalidateOnFocus: false } as const

/**
 * What the command box offers for a text: features of the dictionary at hand (or the newest), dictionaries, pages. While
 * new answers are on their way, the features of the text before stay, so that nothing flashes.
 */
export function useCommandTargets(text: string, open: boolean): { groups: TargetGroup[]; loading: boolean } {
  const { id: here } = useParams<{ id?: string }>()
  const typed = text.trim()
  const asked = useSettled(typed, TYPING_MS)
  const dictionaries = useSWR(open ? '/dictionaries' : null, () => ok(api.GET('/api/v1/dictionaries')), CALM)
  const all = dictionaries.data?.dictionaries ?? []
  const counted = all.filter(({ features }) => features !== null)
  const dictionary = counted.find(({ id }) => id === here) ?? counted[0]
  const features = useSWR(
    open && asked !== '' && dictionary ? ['search', dictionary.id, asked] : null,
    ([, id, text]) => ok(api.GET('/api/v1/dictionaries/{id}/search', { params: { path: { id }, query: { text } } })),
    CALM,
  )
  const found = typed === '' || !dictionary ? [] : (features.data?.features ?? [])
  const matches = (name: string) => name.toLowerCase().includes(typed.toLowerCase())
  const groups: TargetGroup[] = [
    {
      heading: `Features of ${dictionary?.name ?? ''}`,
      targets: found.map(({ index, label, by, why, density }) => ({
        href: `/dictionaries/${dictionary!.id}/features/${index}`,
        name: label ? `#${index} ${label.text}` : `#${index}`,
        note: by === 'token' ? why : `fires on ${percent(density)} of tokens`,
      })),
    },
    {
      heading: 'Dictionaries',
      targets: all
        .filter(({ name }) => matches(name))
        .slice(0, MOST_DICTIONARIES)
        .map(({ id, name, model }) => ({ href: `/dictionaries/${id}`, name, note: model?.name ?? '' })),
    },
    { heading: 'Pages', targets: PAGES.filter(({ name }) => matches(name)) },
  ]
  return {
    groups: groups.filter(({ targets }) => targets.length > 0),
    loading: typed !== '' && (asked !== typed || features.isLoading || dictionaries.isLoading),
  }
}
