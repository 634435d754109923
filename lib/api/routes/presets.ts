import { z } from 'zod'
import { Intervention } from '../../../trainer/steering/intervention'
import { deletePreset, getPreset, listPresets, savePreset, updatePreset } from '../../steering/presets'
import { requireStorable } from '../../base/text'
import { InterventionBody } from '../../steering/schema'
import { defineRoute } from '../route'

const tag = 'steering'

const ListedPreset = z.strictObject({
  id: z.string().describe('Id of the preset'),
  name: z.string().describe('Its name'),
  createdAt: z.iso.datetime().describe('When it was saved'),
  updatedAt: z.iso.datetime().describe('When it was changed last'),
})

const Preset = ListedPreset.extend({
  intervention: Intervention.describe('What it asks for, with every default filled in'),
})

const name = z.string().max(500).describe('One line, at most 120 characters; a name that is not taken')
const intervention = InterventionBody.describe('What the preset asks for')
const params = z.strictObject({ id: z.string().min(1).max(300).describe('Name or id of the preset') })

const list = defineRoute({
  method: 'GET',
  path: '/presets',
  summary: 'List presets of steering',
  tag,
  response: z.strictObject({ presets: z.array(ListedPreset).describe('By name') }),
  async handler(_input, { database }) {
    const presets = await listPresets(database)
    return { presets: presets.map(({ id, name, createdAt, updatedAt }) => ({ id, name, createdAt, updatedAt })) }
  },
})

const one = defineRoute({
  method: 'GET',
  path: '/presets/{id}',
  summary: 'One preset',
  tag,
  params,
  response: Preset,
  handler: ({ params: { id } }, { database }) => getPreset(database, id),
})

const create = defineRoute({
  method: 'POST',
  path: '/presets',
  summary: 'Save an intervention under a name',
  tag,
  body: z.strictObject({ name, intervention }),
  response: Preset,
  async handler({ body }, { database }) {
    requireStorable('the intervention', body.intervention)
    return savePreset(database, body)
  },
})

const update = defineRoute({
  method: 'PUT',
  path: '/presets/{id}',
  summary: 'Change a preset’s name, its intervention, or both',
  tag,
  params,
  body: z.strictObject({ name: name.optional(), intervention: intervention.optional() }),
  response: Preset,
  async handler({ params: { id }, body }, { database }) {
    requireStorable('the intervention', body.intervention ?? null)
    return updatePreset(database, id, body)
  },
})

const remove = defineRoute({
  method: 'DELETE',
  path: '/presets/{id}',
  summary: 'Delete a preset',
  tag,
  params,
  response: z.strictObject({ deleted: z.literal(true).describe('That it is gone') }),
  async handler({ params: { id } }, { database }) {
    await deletePreset(database, id)
    return { deleted: true as const }
  },
})

export const presetRoutes = [list, one, create, update, remove]
