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

const TYPING_MS = 120
const MOST_DICTIONARIES = 6
const CALM = { keepPreviousData: true, revalidateOnFocus: false } as const

/**
 * The targets that the command box offers for a text: features of the dictionary on this page (or of the newest one),
 * dictionaries, pages. The features of the previous text stay until new answers arrive, so that nothing flashes.
 */
export function useCommandTargets(
  text: string,
  open: boolean,
  pages: readonly Target[],
): { groups: TargetGroup[]; loading: boolean } {
  const { id: here } = useParams<{ id?: string }>()
  const typed = text.trim()
  const settled = useSettled(typed, TYPING_MS)
  const dictionaries = useSWR(open ? '/dictionaries' : null, () => ok(api.GET('/api/v1/dictionaries')), CALM)
  const all = dictionaries.data?.dictionaries ?? []
  const counted = all.filter(({ features }) => features !== null)
  const dictionary = counted.find(({ id }) => id === here) ?? counted[0]
  const features = useSWR(
    open && settled !== '' && dictionary ? ['search', dictionary.id, settled] : null,
    ([, id, text]) => ok(api.GET('/api/v1/dictionaries/{id}/search', { params: { path: { id }, query: { text } } })),
    CALM,
  )
  const matchedFeatures = typed === '' || !dictionary ? [] : (features.data?.features ?? [])
  const matches = (name: string) => name.toLowerCase().includes(typed.toLowerCase())
  const groups: TargetGroup[] = [
    {
      heading: `Features of ${dictionary?.name ?? ''}`,
      targets: matchedFeatures.map(({ index, label, by, why, density }) => ({
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
    { heading: 'Pages', targets: pages.filter(({ name }) => matches(name)) },
  ]
  return {
    groups: groups.filter(({ targets }) => targets.length > 0),
    loading: typed !== '' && (settled !== typed || features.isLoading || dictionaries.isLoading),
  }
}
