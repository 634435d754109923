/** Two dictionaries side by side: which features of one point the same way as features of the other. */
import { z } from 'zod'
import { LoupeError } from '../../trainer/errors'
import { differences } from '../dictionaries/site'
import type { Database } from '../db/connect'
import { requireDictionary, type DictionaryRow } from '../dictionaries/rows'

export interface Pair {
  a: DictionaryRow
  b: DictionaryRow
}

/** The best match of every feature among those of the other dictionary. */
const Matches = z.strictObject({ feature: z.array(z.int()), cosine: z.array(z.number()) })
export type Matches = z.output<typeof Matches>
const BothWays = z.strictObject({ ofA: Matches, ofB: Matches })

export interface StoredComparison extends z.output<typeof BothWays> {
  engine: string
  /** ISO 8601. */
  computedAt: string
}

/** Under this name comparisons lie among the evaluations of the first dictionary. */
const KIND = 'compare'

/**
 * Both dictionaries, by name or id.
 * @throws LoupeError `mismatch` where they read or write different models, hooks or widths
 */
export async function requireComparable(database: Database, asked: { a: string; b: string }): Promise<Pair> {
  const a = await requireDictionary(database, asked.a)
  const b = await requireDictionary(database, asked.b)
  const names = await modelNames(database, [a, b])
  const placeOf = (row: DictionaryRow) => ({ ...row, model: names.get(row.modelId ?? '') ?? null })
  const [found] = differences(placeOf(a), placeOf(b))
  if (!found) return { a, b }
  const message = `${found.what} differs: ${found.a} of ${a.name}, ${found.b} of ${b.name}`
  throw new LoupeError('mismatch', `the dictionaries cannot be compared: ${message}`, {
    remedy: 'compare dictionaries that read the same hook of one model, and reconstruct the same',
  })
}

async function modelNames({ prisma }: Database, rows: readonly DictionaryRow[]): Promise<Map<string, string>> {
  const ids = rows.flatMap(({ modelId }) => modelId ?? [])
  const models = await prisma.model.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } })
  return new Map(models.map(({ id, name }) => [id, name]))
}

/** What has been computed of this pair, in either order; weights never change, so it stays true. */
export async function storedComparison({ prisma }: Database, { a, b }: Pair): Promise<StoredComparison | null> {
  const find = (of: DictionaryRow, other: DictionaryRow) =>
    prisma.evaluation.findFirst({
      where: { dictionaryId: of.id, kind: KIND, config: { path: ['other'], equals: other.id } },
      orderBy: { createdAt: 'desc' },
    })
  const straight = await find(a, b)
  const row = straight ?? (await find(b, a))
  if (!row) return null
  const { ofA, ofB } = BothWays.parse(row.metrics)
  const about = { engine: row.engine, computedAt: row.createdAt.toISOString() }
  return straight ? { ofA, ofB, ...about } : { ofA: ofB, ofB: ofA, ...about }
}

export async function storeComparison(
  { prisma }: Database,
  { a, b }: Pair,
  { engine, device, ...metrics }: z.output<typeof BothWays> & { engine: string; device: string },
): Promise<void> {
  const config = { other: b.id }
  await prisma.evaluation.create({ data: { dictionaryId: a.id, kind: KIND, config, metrics, engine, device } })
}
