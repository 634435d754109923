import { z } from 'zod'
import { describeArchitectures } from '../../architectures'
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

export const architectureRoutes = [
  defineRoute({
    method: 'GET',
    path: '/architectures',
    summary: 'Kinds of sparse autoencoders that can be trained, with their settings',
    tag: 'runs',
    response: z.strictObject({ architectures: z.array(Architecture) }),
    handler: () => {
      const architectures = describeArchitectures().map(({ name, description, schema }) => {
        const properties = schema.properties as Record<string, z.output<typeof JsonSchema>>
        return { name, description, schema: { ...schema, properties } }
      })
      return Promise.resolve({ architectures })
    },
  }),
]
