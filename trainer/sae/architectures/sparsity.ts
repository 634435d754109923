/** Settings of dictionaries that a loss makes sparse. */
import { z } from 'zod'
import type { L1Loss } from '../step/losses/l1'
import type { Calibration } from './calibrate'
import { runSteps, stepsOf } from './schedule'

/** Over a run, our controller can move the logarithm of the coefficient by this much. */
const REACH = 16
const MOST_GAIN = 0.05

export const warmupField = {
  sparsityWarmup: z
    .number()
    .nonnegative()
    .default(0.05)
    .describe('Steps, or a share of the run if below 1, over which the sparsity loss rises to its full strength'),
}

export const l1Fields = {
  k: z
    .int()
    .positive()
    .optional()
    .describe(
      'Target for the mean number of active latents per token: our controller adapts l1Coefficient. Absent: l1Coefficient stays fixed',
    ),
  l1Coefficient: z
    .number()
    .positive()
    .optional()
    .describe(
      'Weight of Σ|z| relative to ‖x − x̂‖², for inputs with mean ‖x‖² = d_in. Default: 5; with k, 0.1 at first, because the first biases let about k latents through',
    ),
  l1Gain: z
    .number()
    .positive()
    .max(1)
    .optional()
    .describe(
      'How far our controller moves log(l1Coefficient) in a step. Default: 16 / steps, up to 0.05 (our reading)',
    ),
  ...warmupField,
}

interface L1Settings {
  d_in: number
  tokens: number
  batchSize: number
  k?: number | undefined
  l1Coefficient: number
  l1Gain: number
  sparsityWarmup: number
}

export function sparsityWarmupSteps(config: { tokens: number; batchSize: number; sparsityWarmup: number }): number {
  return stepsOf(config.sparsityWarmup, runSteps(config))
}

export function resolveL1(
  options: Pick<L1Settings, 'tokens' | 'batchSize' | 'k'> & Partial<Pick<L1Settings, 'l1Coefficient' | 'l1Gain'>>,
): Pick<L1Settings, 'l1Coefficient' | 'l1Gain'> {
  const { k, l1Coefficient = k === undefined ? 5 : 0.1 } = options
  const defaultGain = Math.min(MOST_GAIN, Number((REACH / runSteps(options)).toPrecision(2)))
  return { l1Coefficient, l1Gain: options.l1Gain ?? defaultGain }
}

/** The part in units of the loss, in which ‖x − x̂‖² / d_in is multiplied by `mseScale`. */
export function l1Loss(config: L1Settings, { mseScale }: Calibration): L1Loss {
  const { d_in, k, l1Coefficient, l1Gain: gain } = config
  return {
    part: 'l1',
    coefficient: (l1Coefficient * mseScale) / d_in,
    warmupSteps: sparsityWarmupSteps(config),
    target: k === undefined ? null : { l0: k, gain },
  }
}
