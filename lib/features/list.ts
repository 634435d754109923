/** Features of a dictionary as a list: sorted, filtered, page by page. */
import type { z } from 'zod'
import { unpackFeature } from '../../trainer/dashboards/pack'
import { LoupeError } from '../../trainer/errors'
import { encodeCursor } from '../base/cursor'
import type { Database } from '../db/connect'
import type { DictionaryRow } from '../dictionaries/rows'
import { vocabularyOf } from '../dictionaries/vocabulary'
import type { Vocabulary } from '../models/vocabulary'
import { labelsOfFeatures } from './labels'
import { FeatureQuery, readFeatureCursor } from './querySchema'
import { COUNT_LIMIT, readListPage, type ListRow } from './rows'
import type { FeatureList, Label, ListedFeature } from './schema'

const TOP_TOKENS = 5

/** One page of the features that match the query. Throws `bad-usage` for a sort that does not go with it. */
export async function listFeatures(
  database: Database,
  dictionary: DictionaryRow,
  options: z.input<typeof FeatureQuery>,
): Promise<FeatureList> {
  const query = FeatureQuery.parse(options)
  if (query.sort === 'match' && !query.token) {
    throw new LoupeError('bad-usage', 'sorting by match needs the tokens to match', { remedy: 'give token ids' })
  }
  const cursor = readFeatureCursor(query)
  const { rows, total, isFiltered } = await readListPage(database, dictionary.id, query, cursor)
  const page = rows.slice(0, query.limit)
  const [labels, vocabulary] = await Promise.all([
    labelsOfFeatures(
      database.pool,
      dictionary.id,
      page.map(({ index }) => index),
    ),
    vocabularyOf(database, dictionary),
  ])
  const last = rows.length > query.limit ? page.at(-1) : undefined
  return {
    features: page.map((row) => listedFeature(row, labels, vocabulary)),
    next: last ? encodeCursor({ sort: query.sort, order: query.order, key: last.key, index: last.index, total }) : null,
    total: isFiltered ? Math.min(total, COUNT_LIMIT) : total,
    totalIsExact: !isFiltered || total <= COUNT_LIMIT,
  }
}

function listedFeature(row: ListRow, labels: ReadonlyMap<number, Label>, vocabulary: Vocabulary): ListedFeature {
  const { index, density, fireCount, maxActivation, meanActivation, packed, match } = row
  const { topTokens } = unpackFeature(packed, index)
  return {
    index,
    density,
    fireCount,
    maxActivation,
    meanActivation,
    topTokens: topTokens
      .slice(0, TOP_TOKENS)
      .map(({ token, mean }) => ({ token, text: vocabulary.textOf(token), mean })),
    label: labels.get(index) ?? null,
    ...(match === null ? {} : { match }),
  }
}
