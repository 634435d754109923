/** Two dictionaries side by side: which features of one point the same way as features of the other. */
import { z } from 'zod'
import { LoupeError } from '../trainer/errors'
import type { Database } from './db/connect'
import { requireDictionary, type DictionaryRow } from './dictionaries'

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
 * @throws LoupeError `mismatch` where they read different models or hooks, or write rows of different widths
 */
export async function requireComparable(database: Database, asked: { a: string; b: string }): Promise<Pair> {
  const a = await requireDictionary(database, asked.a)
  const b = await requireDictionary(database, asked.b)
  const names = await modelNames(database, [a, b])
  const facts: [string, unknown, unknown][] = [
    ['the width of the activations', a.dIn, b.dIn],
    ['the width of what they reconstruct', outputWidth(a), outputWidth(b)],
    // An imported dictionary may be tied to none; its width then decides.
    ['the model', a.modelId && b.modelId && names.get(a.modelId), a.modelId && b.modelId && names.get(b.modelId)],
    ['the hook', a.hook && b.hook && a.hook, a.hook && b.hook && b.hook],
  ]
  for (const [what, ofA, ofB] of facts) {
    if (ofA === ofB) continue
    const found = `${what} differs: ${String(ofA)} of ${a.name}, ${String(ofB)} of ${b.name}`
    throw new LoupeError('mismatch', `the dictionaries cannot be compared: ${found}`, {
      remedy: 'compare dictionaries of one model and hook',
    })
  }
  return { a, b }
}

async function modelNames({ prisma }: Database, rows: readonly DictionaryRow[]): Promise<Map<string, string>> {
  const ids = rows.flatMap(({ modelId }) => modelId ?? [])
  const models = await prisma.model.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } })
  return new Map(models.map(({ id, name }) => [id, name]))
}

const outputWidth = ({ config, dIn }: DictionaryRow): number => (config as { d_out?: number }).d_out ?? dIn

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
