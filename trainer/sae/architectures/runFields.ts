/** Settings that every architecture has, and the defaults that follow from the length of the run. */
import { z } from 'zod'
import {
  defaultDeadAfterTokens,
  defaultDecaySteps,
  defaultLearningRate,
  defaultWarmupSteps,
  runSteps,
} from './schedule'

/** Counts of tokens stop here: float32 is exact up to this number. */
const MAX_DEAD_AFTER_TOKENS = 2 ** 24

/** What every architecture's configuration contains. Absent values follow from the length of the run. */
export const runFields = {
  d_in: z.int().positive().describe('Width of the activations'),
  d_sae: z.int().positive().describe('Number of latents'),
  tokens: z.int().positive().describe('Number of training tokens; the harvest is read as often as this requires'),
  batchSize: z.int().positive().default(2048).describe('Tokens per step'),
  seed: z.int().nonnegative().default(0).describe('Seed of the initial weights and of the order of the tokens'),
  learningRate: z
    .number()
    .positive()
    .optional()
    .describe('Highest learning rate of Adam. Default: falls with the length of the run and with the width'),
  warmupSteps: z
    .int()
    .nonnegative()
    .optional()
    .describe('Steps over which the learning rate rises. Default: 5% of the run, up to 1000'),
  decaySteps: z
    .int()
    .nonnegative()
    .optional()
    .describe('Last steps, over which the learning rate falls to zero. Default: 20% of the run'),
  beta1: z.number().min(0).lt(1).default(0.9).describe('Decay of Adam’s first moment'),
  beta2: z.number().min(0).lt(1).default(0.999).describe('Decay of Adam’s second moment'),
  epsilon: z.number().positive().default(6.25e-10).describe('Adam’s epsilon; small, since the loss is a mean'),
  gradientClip: z
    .number()
    .positive()
    .nullable()
    .default(1)
    .describe('Limit on the norm of all gradients together; null for no limit'),
  deadAfterTokens: z
    .int()
    .positive()
    .max(MAX_DEAD_AFTER_TOKENS)
    .optional()
    .describe('Tokens without firing after which a latent counts as dead. Default: 5% of the run, up to 10M'),
  resampleAt: z
    .array(z.number().positive())
    .max(20)
    .optional()
    .describe(
      'Steps, or shares of the run if below 1, at which dead latents get new directions and the learning rate rises again. Default: never; relu: 0.25, 0.5, 0.75',
    ),
  keepEvery: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe('Keep a checkpoint every so many steps, or every share of the run if below 1; null for none'),
  keepAt: z
    .array(z.number().positive())
    .max(100)
    .default([])
    .describe('Keep checkpoints at these steps, or at these shares of the run if below 1'),
}

type RunSettings = z.output<z.ZodObject<typeof runFields>>
export type RunConfig = Required<RunSettings>

/** Fills what follows from the length of the run. */
export function resolveRun<Options extends RunSettings>(
  options: Options,
  { resampleAt = [] }: { resampleAt?: number[] } = {},
): Options & RunConfig {
  const steps = runSteps(options)
  return {
    ...options,
    learningRate: options.learningRate ?? defaultLearningRate(steps, options.d_sae),
    warmupSteps: options.warmupSteps ?? defaultWarmupSteps(steps),
    decaySteps: options.decaySteps ?? defaultDecaySteps(steps),
    resampleAt: options.resampleAt ?? resampleAt,
    deadAfterTokens: options.deadAfterTokens ?? defaultDeadAfterTokens(options.tokens),
  }
}
