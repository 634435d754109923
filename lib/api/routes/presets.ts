/** Presets of steering. */
import { z } from 'zod'
import { deletePreset, getPreset, listPresets, savePreset, updatePreset } from '../../steering/presets'
import { ListedSteeringPreset, NewSteeringPreset, SteeringPreset } from '../../steering/schema'
import { exampleIntervention } from '../example'
import { defineRoute } from '../route'

const tag = 'steering'

const params = z.strictObject({ id: z.string().min(1).max(300).describe('Name or id of the preset') })

const list = defineRoute({
  method: 'GET',
  path: '/presets',
  summary: 'List presets of steering',
  tag,
  response: z.strictObject({ presets: z.array(ListedSteeringPreset).describe('By name') }),
  handler: async (_input, { database }) => ({ presets: await listPresets(database) }),
})

const one = defineRoute({
  method: 'GET',
  path: '/presets/{id}',
  summary: 'One preset',
  tag,
  params,
  response: SteeringPreset,
  handler: ({ params: { id } }, { database }) => getPreset(database, id),
})

const create = defineRoute({
  method: 'POST',
  path: '/presets',
  summary: 'Save an intervention under a name',
  tag,
  body: NewSteeringPreset,
  response: SteeringPreset,
  example: (things) => ({ body: { name: 'the weather', intervention: exampleIntervention(things) } }),
  handler: ({ body }, { database }) => savePreset(database, body),
})

const update = defineRoute({
  method: 'PUT',
  path: '/presets/{id}',
  summary: 'Change a preset’s name, its intervention, or both',
  tag,
  params,
  body: NewSteeringPreset.partial(),
  response: SteeringPreset,
  example: () => ({ body: { name: 'a better name' } }),
  handler: ({ params: { id }, body }, { database }) => updatePreset(database, id, body),
})

const remove = defineRoute({
  method: 'DELETE',
  path: '/presets/{id}',
  summary: 'Delete a preset',
  tag,
  params,
  response: z.strictObject({ deleted: z.literal(true).describe('Always true: the preset is deleted') }),
  async handler({ params: { id } }, { database }) {
    await deletePreset(database, id)
    return { deleted: true as const }
  },
})

export const presetRoutes = [list, one, create, update, remove]
