/** Comparisons of two dictionaries as rows: they are stored among the evaluations of the first one. */
import { LoupeError } from '../../trainer/errors'
import type { Database } from '../db/connect'
import { modelNames, requireDictionary, type DictionaryRow } from '../dictionaries/rows'
import { differences } from '../../trainer/sae/dictionary/site'
import { type CompareConfig, CompareMetrics, type EvaluationKind } from '../evaluations/kinds'

export interface Pair {
  a: DictionaryRow
  b: DictionaryRow
}

export interface StoredComparison extends CompareMetrics {
  engine: string
  /** ISO 8601. */
  computedAt: string
}

const KIND = 'compare' satisfies EvaluationKind

/**
 * Both dictionaries, by name or id.
 * @throws LoupeError `mismatch` where they read or write different models, hooks or widths
 */
export async function requireComparable(database: Database, names: { a: string; b: string }): Promise<Pair> {
  const a = await requireDictionary(database, names.a)
  const b = await requireDictionary(database, names.b)
  const models = await modelNames(database, [a, b])
  const siteOf = (row: DictionaryRow) => ({ ...row, model: models.get(row.modelId ?? '') ?? null })
  const [difference] = differences(siteOf(a), siteOf(b))
  if (!difference) return { a, b }
  const message = `${difference.what} differs: ${difference.a} of ${a.name}, ${difference.b} of ${b.name}`
  throw new LoupeError('mismatch', `the dictionaries cannot be compared: ${message}`, {
    remedy: 'compare dictionaries that read the same hook of one model, and reconstruct the same',
  })
}

/** The stored comparison of this pair, in either order. Weights never change, so it stays valid. */
export async function storedComparison({ prisma }: Database, { a, b }: Pair): Promise<StoredComparison | null> {
  const find = (first: DictionaryRow, second: DictionaryRow) =>
    prisma.evaluation.findFirst({
      where: { dictionaryId: first.id, kind: KIND, config: { path: ['other'], equals: second.id } },
      orderBy: { createdAt: 'desc' },
    })
  const straight = await find(a, b)
  const row = straight ?? (await find(b, a))
  if (!row) return null
  const { ofA, ofB } = CompareMetrics.parse(row.metrics)
  const origin = { engine: row.engine, computedAt: row.createdAt.toISOString() }
  return straight ? { ofA, ofB, ...origin } : { ofA: ofB, ofB: ofA, ...origin }
}

export async function storeComparison(
  { prisma }: Database,
  { a, b }: Pair,
  { engine, device, ...metrics }: CompareMetrics & { engine: string; device: string },
): Promise<void> {
  const config: CompareConfig = { other: b.id }
  await prisma.evaluation.create({ data: { dictionaryId: a.id, kind: KIND, config, metrics, engine, device } })
}
