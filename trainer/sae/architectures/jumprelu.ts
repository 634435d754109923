/** JumpReLU dictionaries. */
import { z } from 'zod'
import type { Calibration } from './calibrate'
import { thresholdOfFirst, tiedParameters } from './initialise'
import { resolveRun, runFields } from './runFields'
import type { Architecture } from './record'
import { autoencoderSpec, auxKLoss } from './parts'
import { auxFields, defaultAuxK } from './fields'
import { foldThreshold } from './fold'
import { sparsityWarmupSteps, warmupField } from './sparsity'

const schema = z
  .strictObject({
    architecture: z
      .literal('jumprelu')
      .describe('A latent is on above its own threshold, which is trained (Rajamanoharan et al. 2024)'),
    ...runFields,
    k: z
      .int()
      .positive()
      .optional()
      .describe(
        'Mean number of active latents per token: the loss holds l0Coefficient · (L0 / k − 1)². Absent: l0Coefficient · L0',
      ),
    l0Coefficient: z
      .number()
      .positive()
      .default(1)
      .describe(
        'Weight of the L0 loss relative to the squared error, which is 1 for a constant output (the mean). Without k: about 0.001',
      ),
    bandwidth: z
      .number()
      .positive()
      .optional()
      .describe(
        'Width of the kernel that estimates gradients of thresholds, for inputs with mean ‖x‖² = 1. Default: with k, 0.1 (our reading: a narrow kernel sees too few activations of a batch, and latents die); without k, 0.001 as in the paper',
      ),
    firstThreshold: z
      .number()
      .positive()
      .optional()
      .describe(
        'First threshold of all latents, for inputs with mean ‖x‖² = 1. Default: with k, a threshold that lets about k latents through at the first step (our reading); without k, 0.001 as in the paper',
      ),
    ...auxFields,
    ...warmupField,
  })
  .refine(({ k, d_sae }) => k === undefined || k <= d_sae, { error: 'k cannot exceed d_sae', path: ['k'] })

type JumpReluConfig = ReturnType<typeof resolve>

const PAPER_BANDWIDTH = 0.001
const PAPER_THRESHOLD = 0.001

/** In scaled units. Thresholds move by a learning rate per step: in a short run they would not reach k from 0. */
function firstThresholdOf(config: JumpReluConfig, calibration: Calibration): number {
  const { d_in, d_sae, k, firstThreshold } = config
  if (firstThreshold !== undefined || k === undefined) return (firstThreshold ?? PAPER_THRESHOLD) * Math.sqrt(d_in)
  return thresholdOfFirst(k / d_sae, calibration)
}

function resolve(options: z.output<typeof schema>) {
  const bandwidth = options.bandwidth ?? (options.k === undefined ? PAPER_BANDWIDTH : 0.1)
  return { ...resolveRun(options), bandwidth, auxK: defaultAuxK(options) }
}

/**
 * JumpReLU: Rajamanoharan et al. 2024 (2407.14435), with thresholds trained as they are and the target for L0 of
 * dictionary_learning. Our reading: aux-k revives dead latents. Activations here have mean ‖x‖² = d_in, so that widths
 * and thresholds are √d_in times those of the paper, and thresholds take steps √d_in times as large.
 */
export const jumprelu: Architecture<typeof schema, JumpReluConfig> = {
  name: 'jumprelu',
  schema,
  // As in relu.
  memory: { matrices: 13, vectors: 1 },
  resolve,
  spec(config, calibration) {
    const { d_in, k, l0Coefficient: coefficient } = config
    const bandwidth = config.bandwidth * Math.sqrt(d_in)
    const firstThreshold = firstThresholdOf(config, calibration)
    return autoencoderSpec(config, calibration, {
      rates: { threshold: Math.sqrt(d_in) },
      select: { rule: 'jumprelu', bandwidth, firstThreshold },
      losses: [
        { part: 'l0', coefficient, target: k ?? null, bandwidth, warmupSteps: sparsityWarmupSteps(config) },
        ...auxKLoss(config),
      ],
    })
  },
  initialise: tiedParameters,
  fold: (config, parameters, calibration) => foldThreshold(config, parameters, parameters['threshold']!, calibration),
}
