/** Interventions under a name. */
import { LoupeError } from '../../trainer/errors'
import { parseIntervention, type Intervention } from '../../trainer/steering/intervention'
import type { Database } from '../db/connect'
import type { Preset as PresetRow } from '../db/generated/client'
import { byNameOrId, notThere } from '../base/names'
import { cleanText } from '../base/text'

export interface Preset {
  id: string
  name: string
  /** With every default filled in. */
  intervention: Intervention
  /** ISO 8601. */
  createdAt: string
  updatedAt: string
}

const LONGEST_NAME = 120

/** By name. */
export async function listPresets({ prisma }: Database): Promise<Preset[]> {
  return (await prisma.preset.findMany({ orderBy: { name: 'asc' } })).map(toPreset)
}

export async function getPreset(database: Database, asked: string): Promise<Preset> {
  return toPreset(await requirePreset(database, asked))
}

/** Throws `conflict` for a name that is taken, `bad-input` for an intervention that is none. */
export async function savePreset(database: Database, given: { name: string; intervention: unknown }): Promise<Preset> {
  const name = presetName(given.name)
  const intervention = parseIntervention(given.intervention, `the preset "${name}"`)
  const { rows } = await database.pool.query<{ id: string }>(
    'INSERT INTO preset (name, intervention) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING RETURNING id',
    [name, JSON.stringify(intervention)],
  )
  if (rows[0]) return getPreset(database, rows[0].id)
  throw nameTaken(name)
}

/** Changes the name, the intervention, or both. */
export async function updatePreset(
  database: Database,
  asked: string,
  given: { name?: string; intervention?: unknown },
): Promise<Preset> {
  const { id, name: before } = await requirePreset(database, asked)
  const name = given.name === undefined ? before : presetName(given.name)
  const holder = await database.prisma.preset.findUnique({ where: { name } })
  if (holder && holder.id !== id) throw nameTaken(name)
  const changed =
    given.intervention === undefined
      ? {}
      : { intervention: parseIntervention(given.intervention, `the preset "${name}"`) }
  return toPreset(await database.prisma.preset.update({ where: { id }, data: { name, ...changed } }))
}

export async function deletePreset(database: Database, asked: string): Promise<void> {
  const { id } = await requirePreset(database, asked)
  await database.prisma.preset.deleteMany({ where: { id } })
}

async function requirePreset({ prisma }: Database, asked: string): Promise<PresetRow> {
  const row = await prisma.preset.findUnique({ where: byNameOrId(asked) })
  return row ?? notThere('preset', asked, await prisma.preset.findMany({ select: { name: true } }))
}

function presetName(given: string): string {
  const name = cleanText('the name of a preset', given, { longest: LONGEST_NAME, shortest: 1 })
  if (!('id' in byNameOrId(name))) return name
  throw new LoupeError('bad-input', 'a preset cannot be named like an id', { remedy: 'choose a name of words' })
}

function nameTaken(name: string): LoupeError {
  return new LoupeError('conflict', `there is a preset named "${name}" already`, {
    remedy: 'choose another name, or change that preset',
  })
}

function toPreset({ id, name, intervention, createdAt, updatedAt }: PresetRow): Preset {
  return {
    id,
    name,
    intervention: intervention as unknown as Intervention,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }
}
