'use client'

import useSWR from 'swr'
import { useParams } from 'next/navigation'
import { api, ok } from '../api'

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
  { href: '/harvests', name: 'Harvests' },
  { href: '/jobs', name: 'Jobs' },
  { href: '/docs/api', name: 'API' },
]

/** What the command box offers for a text: features of the dictionary at hand (or the newest), dictionaries, pages. */
export function useCommandTargets(text: string, open: boolean): { groups: TargetGroup[]; loading: boolean } {
  const { id: here } = useParams<{ id?: string }>()
  const typed = text.trim()
  const dictionaries = useSWR(open ? '/dictionaries' : null, () => ok(api.GET('/api/v1/dictionaries')))
  const all = dictionaries.data?.dictionaries ?? []
  const dictionary = all.find(({ id }) => id === here) ?? all.find(({ features }) => features !== null)
  const features = useSWR(
    open && typed !== '' && dictionary ? ['search', dictionary.id, typed] : null,
    ([, id, text]) => ok(api.GET('/api/v1/dictionaries/{id}/search', { params: { path: { id }, query: { text } } })),
    { keepPreviousData: true },
  )
  const matches = (name: string) => name.toLowerCase().includes(typed.toLowerCase())
  const groups = [
    {
      heading: dictionary ? `Features of ${dictionary.name}` : 'Features',
      targets:
        typed === '' || !dictionary
          ? []
          : (features.data?.features ?? []).map(({ index, label, why }) => ({
              href: `/dictionaries/${dictionary.id}/features/${index}`,
              name: `#${index}${label ? ` ${label}` : ''}`,
              note: why,
            })),
    },
    {
      heading: 'Dictionaries',
      targets: all
        .filter(({ name }) => matches(name))
        .map(({ id, name, hook }) => ({ href: `/dictionaries/${id}`, name, note: hook ?? '' })),
    },
    { heading: 'Pages', targets: PAGES.filter(({ name }) => matches(name)) },
  ]
  return {
    groups: groups.filter(({ targets }) => targets.length > 0),
    loading: features.isLoading || dictionaries.isLoading,
  }
}
