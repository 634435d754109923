/** What the pages below a dictionary read, once a request, and the way to them. */
import { cache } from 'react'
import type { Crumb } from '../../components/shell/Page'
import { dictionaryWithModel, type DictionaryRow } from '../../lib/dictionaries/rows'
import { featurePageOrNone } from '../../lib/features/page'
import { webDatabase } from '../../lib/web/resources'
import { orNotFound } from '../orNotFound'
import { decodedSegment } from '../segment'

/** @param segment of the address: an id, or a name, encoded */
export const loadDictionary = cache((segment: string) =>
  orNotFound(dictionaryWithModel(webDatabase(), decodedSegment(segment))),
)

export type LoadedDictionary = Awaited<ReturnType<typeof loadDictionary>>

/** Tokens around an example: about two lines of text. */
const WINDOW = { before: 20, after: 12 }

/** Undefined for a feature without statistics; a page of status 404 for one that does not exist. */
export const loadFeature = cache((dictionary: DictionaryRow, index: number) =>
  orNotFound(featurePageOrNone(webDatabase(), dictionary, index, { window: WINDOW })),
)

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
