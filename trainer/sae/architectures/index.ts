/** Every architecture, listed once. A new one is its file, its test and a line here. */
import type { z } from 'zod'
import { LoupeError, unknownName } from '../../errors'
import type { Architecture, RunConfig } from './architecture'
import { batchtopk, type BatchTopkConfig } from './batchtopk'
import { featureChoice, type FeatureChoiceConfig } from './featureChoice'
import { gated, type GatedConfig } from './gated'
import { gradient, type GradientConfig } from './gradient'
import { jumprelu, type JumpReluConfig } from './jumprelu'
import { matryoshka, type MatryoshkaConfig } from './matryoshka'
import { mutualChoice, type MutualChoiceConfig } from './mutualChoice'
import { relu, type ReluConfig } from './relu'
import { topk, type TopkConfig } from './topk'
import { skipTranscoder, transcoder, type TranscoderConfig } from './transcoder'
import { parseWith } from '../dictionary/config'

/** A complete training configuration: plain data, the architecture's name its discriminator. */
export type TrainConfig =
  | TopkConfig
  | BatchTopkConfig
  | MatryoshkaConfig
  | MutualChoiceConfig
  | FeatureChoiceConfig
  | GradientConfig
  | ReluConfig
  | JumpReluConfig
  | GatedConfig
  | TranscoderConfig

const ARCHITECTURES: readonly Architecture[] = [
  topk,
  batchtopk,
  matryoshka,
  mutualChoice,
  featureChoice,
  gradient,
  relu,
  jumprelu,
  gated,
  transcoder,
  skipTranscoder,
]

export function architectureNames(): string[] {
  return ARCHITECTURES.map(({ name }) => name)
}

/** @throws LoupeError naming the nearest known architecture */
export function architectureNamed(name: string): Architecture {
  const found = ARCHITECTURES.find((architecture) => architecture.name === name)
  if (!found) throw unknownName('architecture', name, architectureNames())
  return found
}

/**
 * Checks settings as people give them and fills the defaults.
 * @param given `{ architecture, … }`
 * @throws LoupeError naming the field
 */
export function resolveTrainConfig(given: unknown): TrainConfig {
  const name = (given as { architecture?: unknown } | null)?.architecture
  if (typeof name !== 'string') {
    throw new LoupeError('bad-usage', 'the training configuration names no architecture', {
      remedy: `known: ${architectureNames().join(', ')}`,
    })
  }
  const architecture = architectureNamed(name)
  const config: RunConfig = architecture.resolve(parseWith(architecture.schema, given, 'training configuration'))
  return config as TrainConfig
}

/** A configuration that was stored before a setting existed has its default; one that is none stays as it is. */
export function withDefaults(stored: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  try {
    return { ...resolveTrainConfig(stored) }
  } catch {
    return stored
  }
}

/**
 * The configuration of one architecture from settings for several: those that it does not take are left out.
 * @param own settings that are its alone
 */
export function configFrom(architecture: string, settings: Record<string, unknown>, own: object = {}): TrainConfig {
  const { shape } = architectureNamed(architecture).schema as z.ZodObject
  const taken = Object.entries(settings).filter(([name]) => name in shape)
  return resolveTrainConfig({ architecture, ...Object.fromEntries(taken), ...own })
}
