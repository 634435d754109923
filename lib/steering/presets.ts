/** The table of presets: interventions under a name. */
import { LoupeError } from '../../trainer/errors'
import { Intervention } from '../../trainer/steering/intervention'
import { byNameOrId, notThere } from '../base/names'
import { cleanText, requireStorable } from '../base/text'
import type { Database } from '../db/connect'
import type { Preset as PresetRow } from '../db/generated/client'
import type { ListedSteeringPreset, NewSteeringPreset, SteeringPreset } from './schema'

const LONGEST_NAME = 120

/** All presets by name, without their interventions. */
export async function listPresets({ prisma }: Database): Promise<ListedSteeringPreset[]> {
  const rows = await prisma.preset.findMany({ orderBy: { name: 'asc' }, omit: { intervention: true } })
  return rows.map(listed)
}

export async function getPreset(database: Database, nameOrId: string): Promise<SteeringPreset> {
  return toPreset(await requirePreset(database, nameOrId))
}

/** Throws `conflict` for a name that another preset has. */
export async function savePreset(database: Database, preset: NewSteeringPreset): Promise<SteeringPreset> {
  const name = presetName(preset.name)
  requireStorable('the intervention', preset.intervention)
  const { rows } = await database.pool.query<{ id: string }>(
    'INSERT INTO preset (name, intervention) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING RETURNING id',
    [name, JSON.stringify(preset.intervention)],
  )
  if (rows[0]) return getPreset(database, rows[0].id)
  throw nameTaken(name)
}

/** Changes the name, the intervention, or both. */
export async function updatePreset(
  database: Database,
  nameOrId: string,
  { name: newName, intervention }: Partial<NewSteeringPreset>,
): Promise<SteeringPreset> {
  const { id, name: oldName } = await requirePreset(database, nameOrId)
  const name = newName === undefined ? oldName : presetName(newName)
  requireStorable('the intervention', intervention ?? null)
  const holder = await database.prisma.preset.findUnique({ where: { name } })
  if (holder && holder.id !== id) throw nameTaken(name)
  const data = { name, ...(intervention && { intervention }) }
  return toPreset(await database.prisma.preset.update({ where: { id }, data }))
}

export async function deletePreset(database: Database, nameOrId: string): Promise<void> {
  const { id } = await requirePreset(database, nameOrId)
  await database.prisma.preset.deleteMany({ where: { id } })
}

async function requirePreset({ prisma }: Database, nameOrId: string): Promise<PresetRow> {
  const row = await prisma.preset.findUnique({ where: byNameOrId(nameOrId) })
  return row ?? notThere('preset', nameOrId, await prisma.preset.findMany({ select: { name: true } }))
}

function presetName(text: string): string {
  const name = cleanText('the name of a preset', text, { longest: LONGEST_NAME, shortest: 1 })
  if (!('id' in byNameOrId(name))) return name
  throw new LoupeError('bad-input', 'the name of a preset cannot look like an id', { remedy: 'choose a name of words' })
}

function nameTaken(name: string): LoupeError {
  return new LoupeError('conflict', `another preset has the name "${name}"`, {
    remedy: 'choose another name, or change that preset',
  })
}

function listed({ id, name, createdAt, updatedAt }: Omit<PresetRow, 'intervention'>): ListedSteeringPreset {
  return { id, name, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() }
}

function toPreset(row: PresetRow): SteeringPreset {
  return { ...listed(row), intervention: Intervention.parse(row.intervention) }
}
