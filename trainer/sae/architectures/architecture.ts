import { z } from 'zod'
import type { Companion } from '../../store/layout'
import type { Calibration, CalibrationSample } from './calibrate'
import type { DictionaryConfigInput, DictionaryTensors } from '../dictionary/config'
import {
  defaultDeadAfterTokens,
  defaultDecaySteps,
  defaultLearningRate,
  defaultWarmupSteps,
  runSteps,
} from './schedule'
import type { AdamSpec, EngineSpec, Parameters } from '../step/spec'
import type { NamedTensor } from '../dictionary/types'

/** Latents dead for longer than this are not told apart; float32 counts exactly up to here. */
const MAX_DEAD_AFTER_TOKENS = 2 ** 24

/** What every architecture's configuration holds. Absent values follow from the length of the run. */
export const runFields = {
  d_in: z.int().positive().describe('Width of the activations'),
  d_sae: z.int().positive().describe('Number of latents'),
  tokens: z.int().positive().describe('Training tokens in all, over as many passes through the harvest as that takes'),
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
    .describe('Steps over which the learning rate rises. Default: 5% of the run, at most 1000'),
  decaySteps: z
    .int()
    .nonnegative()
    .optional()
    .describe('Last steps, over which it falls to zero. Default: 20% of the run'),
  beta1: z.number().min(0).lt(1).default(0.9).describe('Decay of Adam’s first moment'),
  beta2: z.number().min(0).lt(1).default(0.999).describe('Decay of Adam’s second moment'),
  epsilon: z.number().positive().default(6.25e-10).describe('Adam’s epsilon; small, since the loss is a mean'),
  gradientClip: z
    .number()
    .positive()
    .nullable()
    .default(1)
    .describe('Bound on the norm of all gradients together; null for none'),
  deadAfterTokens: z
    .int()
    .positive()
    .max(MAX_DEAD_AFTER_TOKENS)
    .optional()
    .describe('Tokens without firing after which a latent counts as dead. Default: 5% of the run, at most 10M'),
  resampleAt: z
    .array(z.number().positive())
    .max(20)
    .optional()
    .describe(
      'Steps, or shares of the run if below 1, at which dead latents get new directions and the learning rate rises anew. Default: never; relu: 0.25, 0.5, 0.75',
    ),
  keepEvery: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe('Keep a checkpoint every so many steps, or every such share of the run if below 1; null for none'),
  keepAt: z
    .array(z.number().positive())
    .max(100)
    .default([])
    .describe('Keep checkpoints at these steps, or at these shares of the run if below 1'),
}

type RunOptions = z.output<z.ZodObject<typeof runFields>>
export type RunConfig = Required<RunOptions>

/** Fills what follows from the length of the run. */
export function resolveRun<Options extends RunOptions>(
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

export function adamOf({ beta1, beta2, epsilon, gradientClip }: RunConfig): AdamSpec {
  return { beta1, beta2, epsilon, gradientClip, unitNormDecoder: true }
}

/** A trained dictionary as `Dictionary.create` takes it: raw units in, raw units out, SAELens's names and shapes. */
export interface FoldedDictionary {
  config: DictionaryConfigInput
  tensors: DictionaryTensors
}

/**
 * A kind of sparse autoencoder as a form filled in: the settings people give, the step an engine computes, the first
 * weights, and how trained weights become a dictionary. The loop and the engines know none by name.
 */
export interface Architecture<Schema extends z.ZodType = z.ZodType, Config extends RunConfig = RunConfig> {
  readonly name: string
  /** Strict; every field described. With `d_out` where the target is needed: the harvest decides it, as it does `d_in`. */
  readonly schema: Schema
  /** What it trains on beside the activations, which the harvest must have stored. */
  readonly needs?: readonly Companion[]
  /** Fills defaults that depend on other settings. */
  resolve(options: z.output<Schema>): Config
  spec(config: Config, calibration: Calibration): EngineSpec
  /** @param sample the first rows of the run */
  initialise(config: Config, calibration: Calibration, sample: CalibrationSample): Parameters
  /** @param carried what the selection rule carries, by name, in scaled units: thresholds for inference */
  fold(
    config: Config,
    parameters: Parameters,
    calibration: Calibration,
    carried: Readonly<Record<string, NamedTensor>>,
  ): FoldedDictionary
}
