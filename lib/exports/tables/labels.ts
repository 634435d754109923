/** Reads the labels of a range of features with their histories, up to the timestamp of the export. */
import type { ExportSource, FeatureRange } from './source'

export interface StoredLabel {
  id: string
  text: string
  author: string
  createdAt: Date
}

/** All labels of each labelled feature, newest first. An empty newest label means that the feature has no label now. */
export async function readLabels(
  { database, dictionary, labelsUntil }: ExportSource,
  { from, to }: FeatureRange,
): Promise<Map<number, StoredLabel[]>> {
  const byFeature = new Map<number, StoredLabel[]>()
  if (!labelsUntil) return byFeature
  const rows = await database.prisma.label.findMany({
    where: { dictionaryId: dictionary.id, feature: { gte: from, lt: to }, createdAt: { lte: labelsUntil } },
    orderBy: [{ feature: 'asc' }, { createdAt: 'desc' }, { id: 'desc' }],
  })
  for (const row of rows) {
    const list = byFeature.get(row.feature)
    if (list) list.push(row)
    else byFeature.set(row.feature, [row])
  }
  return byFeature
}

/** The current label. */
export function currentLabel(history: readonly StoredLabel[] | undefined): StoredLabel | undefined {
  const newest = history?.[0]
  return newest?.text ? newest : undefined
}
