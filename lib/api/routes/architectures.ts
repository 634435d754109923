import { z } from 'zod'
import { PRESETS } from '../../../trainer/sae/training/presets'
import { describeArchitectures } from '../../runs/architectures'
import { defineRoute } from '../route'

const JsonSchema = z.record(z.string(), z.unknown())

const Architecture = z.strictObject({
  name: z.string().describe('As in "architecture" of a run'),
  description: z.string().describe('What it is'),
  schema: z
    .strictObject({
      properties: z.record(z.string(), JsonSchema).describe('Setting by setting: type, bounds, description, default'),
      required: z.array(z.string()).describe('Settings without a default'),
    })
    .describe('JSON Schema of its settings; the width of the activations comes from the harvest'),
})

const Preset = z.strictObject({
  name: z.string().describe('As in --preset of loupe train'),
  architecture: z.string().describe('Whose settings they are'),
  source: z.string().describe('Where the values stand'),
  settings: z
    .record(z.string(), z.unknown())
    .describe('Setting by setting; what is absent follows from the run, as without a preset'),
  rateAtWidth: z
    .strictObject({
      learningRate: z.number().describe('Learning rate at that width'),
      d_sae: z.number().describe('That width: the learning rate is learningRate / √(d_sae of the run / this)'),
    })
    .optional()
    .describe('Where the learning rate falls with the root of the width'),
})

export const architectureRoutes = [
  defineRoute({
    method: 'GET',
    path: '/architectures',
    summary: 'Kinds of sparse autoencoders that can be trained, with their settings',
    tag: 'runs',
    response: z.strictObject({
      architectures: z.array(Architecture),
      presets: z.array(Preset).describe('Settings of papers and libraries to begin with'),
    }),
    handler: () => {
      const architectures = describeArchitectures().map(({ name, description, schema }) => {
        const properties = schema.properties as Record<string, z.output<typeof JsonSchema>>
        return { name, description, schema: { ...schema, properties } }
      })
      const presets = PRESETS.map(({ settings, ...preset }) => ({ ...preset, settings: { ...settings } }))
      return Promise.resolve({ architectures, presets })
    },
  }),
]
