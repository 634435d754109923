import { z } from 'zod'
import { architectureNamed, architectureNames } from '../../../trainer/sae/registry'
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

/** What a run is given otherwise. */
const NOT_ASKED = new Set(['architecture', 'd_in'])

function describe(name: string): z.input<typeof Architecture> {
  const json = z.toJSONSchema(architectureNamed(name).schema, { io: 'input' })
  const properties = (json.properties ?? {}) as Record<string, { description?: string }>
  return {
    name,
    description: properties['architecture']?.description ?? '',
    schema: {
      properties: Object.fromEntries(Object.entries(properties).filter(([key]) => !NOT_ASKED.has(key))),
      required: (json.required ?? []).filter((key) => !NOT_ASKED.has(key)),
    },
  }
}

export const architectureRoutes = [
  defineRoute({
    method: 'GET',
    path: '/architectures',
    summary: 'Kinds of sparse autoencoders that can be trained, with their settings',
    tag: 'runs',
    response: z.strictObject({ architectures: z.array(Architecture) }),
    handler: () => Promise.resolve({ architectures: architectureNames().map(describe) }),
  }),
]
