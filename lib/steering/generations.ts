/** Kept answers: what was asked with every default filled in, and what came of it, so that it can be shown and repeated. */
import { z } from 'zod'
import { LoupeError } from '../../trainer/errors'
import { parseIntervention, type Intervention } from '../../trainer/steering/intervention'
import { decodeCursor, encodeCursor } from '../base/cursor'
import type { Database } from '../db/connect'
import type { Generation as GenerationRow } from '../db/generated/client'
import { byNameOrId } from '../base/names'

export interface KeptGeneration {
  id: string
  intervention: Intervention
  /** As the computation gave it. */
  answer: unknown
  engine: string
  device: string
  /** ISO 8601. */
  createdAt: string
}

/** Returns the id under which the answer is kept. */
export async function keepGeneration(
  { pool }: Database,
  given: { intervention: unknown; answer: object; engine: string; device: string },
): Promise<string> {
  const intervention = parseIntervention(given.intervention, 'the intervention to keep')
  const { rows } = await pool.query<{ id: string }>(
    'INSERT INTO generation (intervention, answer, engine, device) VALUES ($1, $2, $3, $4) RETURNING id',
    [JSON.stringify(intervention), JSON.stringify(given.answer), given.engine, given.device],
  )
  return rows[0]!.id
}

export async function getGeneration({ prisma }: Database, id: string): Promise<KeptGeneration> {
  const row = 'id' in byNameOrId(id) ? await prisma.generation.findUnique({ where: { id } }) : null
  if (row) return toGeneration(row)
  throw new LoupeError('not-found', `no answer is kept under "${id}"`)
}

const Cursor = z.strictObject({ at: z.iso.datetime(), id: z.uuid() })

/** Newest first. */
export async function listGenerations(
  { prisma }: Database,
  { limit, after }: { limit: number; after?: string },
): Promise<{ generations: KeptGeneration[]; next: string | null }> {
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
    generations: page.map(toGeneration),
    next: last ? encodeCursor({ at: last.createdAt.toISOString(), id: last.id }) : null,
  }
}

function toGeneration({ id, intervention, answer, engine, device, createdAt }: GenerationRow): KeptGeneration {
  const asked = intervention as unknown as Intervention
  return { id, intervention: asked, answer, engine, device, createdAt: createdAt.toISOString() }
}
