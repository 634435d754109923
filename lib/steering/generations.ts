/** The table of kept answers: each intervention with its answer, so that it can be shown and repeated. */
import { z } from 'zod'
import { LoupeError } from '../../trainer/errors'
import { decodeCursor, encodeCursor } from '../base/cursor'
import { byNameOrId } from '../base/names'
import { requireStorable } from '../base/text'
import type { Database } from '../db/connect'
import type { Generation as GenerationRow } from '../db/generated/client'
import { Generation, type ListedGeneration, type NewGeneration } from './schema'

/** Returns the id of the kept answer. */
export async function keepGeneration({ pool }: Database, { intervention, answer }: NewGeneration): Promise<string> {
  requireStorable('the intervention', intervention)
  requireStorable('the answer', answer)
  const { rows } = await pool.query<{ id: string }>(
    'INSERT INTO generation (intervention, answer, engine, device) VALUES ($1, $2, $3, $4) RETURNING id',
    [JSON.stringify(intervention), JSON.stringify(answer), answer.engine, answer.device],
  )
  return rows[0]!.id
}

export async function getGeneration({ prisma }: Database, id: string): Promise<Generation> {
  const row = 'id' in byNameOrId(id) ? await prisma.generation.findUnique({ where: { id } }) : null
  if (row) return Generation.parse(stored(row))
  throw new LoupeError('not-found', `there is no kept answer "${id}"`)
}

const Cursor = z.strictObject({ at: z.iso.datetime(), id: z.uuid() })

/** Newest first. A damaged row is left out, so that the others stay visible. */
export async function listGenerations(
  { prisma }: Database,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<{ generations: ListedGeneration[]; next: string | null }> {
  const cursor = after === undefined ? undefined : decodeCursor(Cursor, after)
  const at = cursor && new Date(cursor.at)
  const rows = await prisma.generation.findMany({
    where: at ? { OR: [{ createdAt: { lt: at } }, { createdAt: at, id: { lt: cursor.id } }] } : {},
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit + 1,
  })
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  return {
    generations: page.flatMap((row) => {
      const { data } = Generation.safeParse(stored(row))
      return data ? [listed(data)] : []
    }),
    next: last ? encodeCursor({ at: last.createdAt.toISOString(), id: last.id }) : null,
  }
}

function listed({ answer, ...rest }: Generation): ListedGeneration {
  return { ...rest, texts: answer.answers.map(({ branch, text }) => ({ branch, text })) }
}

/** Answers that were kept before they named their device have it in the table only. */
function stored({ answer, createdAt, ...row }: GenerationRow): unknown {
  const withDevice = typeof answer === 'object' ? { device: row.device, ...answer } : answer
  return { ...row, answer: withDevice, createdAt: createdAt.toISOString() }
}
