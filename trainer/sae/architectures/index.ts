/** Every architecture, listed once. A new one is its file, its test and a line here. */
import type { z } from 'zod'
import { LoupeError } from '../../errors'
import { Registry } from '../../registry'
import { batchtopk } from './batchtopk'
import { featureChoice } from './featureChoice'
import { gated } from './gated'
import { gradient } from './gradient'
import { jumprelu } from './jumprelu'
import { matryoshka } from './matryoshka'
import { mutualChoice } from './mutualChoice'
import type { Architecture } from './record'
import { relu } from './relu'
import type { RunConfig } from './runFields'
import { topk } from './topk'
import { skipTranscoder, transcoder } from './transcoder'
import { parseWith } from '../dictionary/config'

const ARCHITECTURES = [
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
] as const

/** A complete training configuration: plain data, with the architecture's name as its discriminator. */
export type TrainConfig = ReturnType<(typeof ARCHITECTURES)[number]['resolve']>

const registry = new Registry<Architecture>('architecture', ARCHITECTURES)

export function architectureNames(): string[] {
  return registry.names
}

/** @throws LoupeError that names the nearest known architecture */
export function architectureNamed(name: string): Architecture {
  return registry.named(name)
}

/**
 * Checks settings as people give them and fills the defaults.
 * @param settings `{ architecture, … }`
 * @throws LoupeError that names the field
 */
export function resolveTrainConfig(settings: unknown): TrainConfig {
  const name = (settings as { architecture?: unknown } | null)?.architecture
  if (typeof name !== 'string') {
    throw new LoupeError('bad-usage', 'the training configuration names no architecture', {
      remedy: `known: ${architectureNames().join(', ')}`,
    })
  }
  const architecture = architectureNamed(name)
  const config: RunConfig = architecture.resolve(parseWith(architecture.schema, settings, 'training configuration'))
  return config as TrainConfig
}

/** Adds the defaults of settings that did not exist when a configuration was stored; an invalid one stays as it is. */
export function withDefaults(stored: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  try {
    return { ...resolveTrainConfig(stored) }
  } catch {
    return stored
  }
}

/**
 * The configuration of one architecture from settings for several: those that it does not have are left out.
 * @param more settings of this architecture alone
 */
export function configFrom(architecture: string, settings: Record<string, unknown>, more: object = {}): TrainConfig {
  const { shape } = architectureNamed(architecture).schema as z.ZodObject
  const known = Object.entries(settings).filter(([name]) => name in shape)
  return resolveTrainConfig({ architecture, ...Object.fromEntries(known), ...more })
}
