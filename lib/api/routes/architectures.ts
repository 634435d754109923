/** Architectures and presets: what can be trained, with which settings. */
import { z } from 'zod'
import { PRESETS } from '../../../trainer/sae/training/presets'
import { describeArchitectures } from '../../runs/architectures'
import { ArchitectureDescription } from '../../runs/schema'
import { defineRoute } from '../route'

const Preset = z.strictObject({
  name: z.string().describe('As in --preset of loupe train'),
  architecture: z.string().describe('Whose settings they are'),
  source: z.string().describe('Where the values come from'),
  settings: z
    .record(z.string(), z.unknown())
    .describe('Values by setting; absent settings follow from the run, as without a preset'),
  rateAtWidth: z
    .strictObject({
      learningRate: z.number().describe('Learning rate at that width'),
      d_sae: z.number().describe('The width: the learning rate is learningRate / √(d_sae of the run / this)'),
    })
    .optional()
    .describe('Present if the learning rate falls with the square root of the width'),
})

export const architectureRoutes = [
  defineRoute({
    method: 'GET',
    path: '/architectures',
    summary: 'Kinds of sparse autoencoders that can be trained, with their settings',
    tag: 'runs',
    response: z.strictObject({
      architectures: z.array(ArchitectureDescription),
      presets: z.array(Preset).describe('Settings of papers and libraries to start from'),
    }),
    handler: () => {
      const presets = PRESETS.map(({ settings, ...preset }) => ({ ...preset, settings: { ...settings } }))
      return Promise.resolve({ architectures: describeArchitectures(), presets })
    },
  }),
]
