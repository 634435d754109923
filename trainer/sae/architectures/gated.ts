/** Gated dictionaries. */
import { z } from 'zod'
import { unscaled } from './fold'
import { sparseParameters } from './initialise'
import { resolveRun, runFields } from './runFields'
import type { Architecture } from './record'
import { autoencoderSpec } from './parts'
import { l1Fields, l1Loss, resolveL1 } from './sparsity'

const schema = z
  .strictObject({
    architecture: z
      .literal('gated')
      .describe(
        'Gates say which latents are on, magnitudes how strongly; L1 weighs on gates alone (Rajamanoharan et al. 2024)',
      ),
    ...runFields,
    ...l1Fields,
  })
  .refine(({ k, d_sae }) => k === undefined || k <= d_sae, { error: 'k cannot exceed d_sae', path: ['k'] })

type GatedConfig = ReturnType<typeof resolve>

function resolve(options: z.output<typeof schema>) {
  return { ...resolveRun(options), ...resolveL1(options) }
}

/** Gated: Rajamanoharan et al. 2024 (2404.16014). */
export const gated: Architecture<typeof schema, GatedConfig> = {
  name: 'gated',
  schema,
  // As in relu, with magnitudes.
  memory: { matrices: 15, vectors: 2 },
  resolve,
  spec: (config, calibration) =>
    autoencoderSpec(config, calibration, {
      select: { rule: 'gated' },
      losses: [l1Loss(config, calibration), { part: 'gated-aux', scale: calibration.mseScale }],
    }),
  initialise: sparseParameters,
  fold({ architecture, d_in, d_sae }, parameters, { inputScale }) {
    const { b_enc: b_gate, ...others } = unscaled(parameters, inputScale)
    const b_mag = parameters['b_mag']!
    return {
      config: { architecture, d_in, d_sae, activation: { kind: 'gated' }, apply_b_dec_to_input: true },
      tensors: {
        ...others,
        b_gate: b_gate!,
        b_mag: { ...b_mag, data: b_mag.data.map((value) => value / inputScale) },
      },
    }
  },
}
