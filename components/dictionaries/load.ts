/** What pages of a dictionary read on the server, once a request. */
import { cache } from 'react'
import { requireDictionary } from '../../lib/dictionaries/rows'
import { webDatabase } from '../../lib/web/resources'
import { orNotFound } from '../shell/orNotFound'
import type { Crumb } from '../shell/Page'
import { decodedSegment } from '../shell/segment'

/** @param segment of the address: an id, or a name, encoded */
export const loadDictionary = cache(async (segment: string) => {
  const database = webDatabase()
  const row = await orNotFound(requireDictionary(database, decodedSegment(segment)))
  const model = row.modelId
    ? await database.prisma.model.findUnique({ where: { id: row.modelId }, select: { name: true } })
    : null
  return { row, model: model?.name ?? null }
})

export type LoadedDictionary = Awaited<ReturnType<typeof loadDictionary>>

/** Dictionaries / model / hook / dictionary. */
export function dictionaryCrumbs({ row, model }: LoadedDictionary, deeper: Crumb[] = []): Crumb[] {
  return [
    { text: 'Dictionaries', href: '/' },
    ...(model ? [{ text: model }] : []),
    ...(row.hook ? [{ text: row.hook, mono: true }] : []),
    { text: row.name, mono: true, ...(deeper.length > 0 && { href: `/dictionaries/${row.id}` }) },
    ...deeper,
  ]
}
