/** Named settings of papers and libraries, instead of defaults that follow from the length of the run. */
import { LoupeError, unknownName } from '../../errors'

export interface TrainingPreset {
  name: string
  architecture: string
  /** Where the values are published. */
  source: string
  /** Values that do not depend on the width. */
  settings: Readonly<Record<string, unknown>>
  /** A learning rate that falls with the root of the width, and the width at which it has this value. */
  rateAtWidth?: Readonly<{ learningRate: number; d_sae: number }>
}

/** Defaults of its trainers. Epsilon is PyTorch's, and by default the learning rate does not fall at the end. */
const DICTIONARY_LEARNING = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  gradientClip: 1,
  warmupSteps: 1000,
  decaySteps: 0,
  deadAfterTokens: 10_000_000,
}
const TOPK_OF_DICTIONARY_LEARNING = { ...DICTIONARY_LEARNING, auxCoefficient: 1 / 32 }
const RATE_OF_DICTIONARY_LEARNING = { learningRate: 2e-4, d_sae: 2 ** 14 }

export const PRESETS: readonly TrainingPreset[] = [
  {
    name: 'gao-topk',
    architecture: 'topk',
    source: 'OpenAI, sparse_autoencoder: configuration for GPT-2 (Gao et al. 2024, 2406.04093)',
    settings: {
      d_sae: 32_768,
      k: 32,
      batchSize: 131_072,
      learningRate: 1e-4,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 6.25e-10,
      gradientClip: null,
      warmupSteps: 0,
      decaySteps: 0,
      auxK: 256,
      auxCoefficient: 1 / 32,
      deadAfterTokens: 10_000_000,
    },
  },
  {
    name: 'dictionary-learning-topk',
    architecture: 'topk',
    source: 'dictionary_learning, TopKTrainer: defaults',
    settings: TOPK_OF_DICTIONARY_LEARNING,
    rateAtWidth: RATE_OF_DICTIONARY_LEARNING,
  },
  {
    name: 'dictionary-learning-batchtopk',
    architecture: 'batchtopk',
    source: 'dictionary_learning, BatchTopKTrainer: defaults',
    settings: { ...TOPK_OF_DICTIONARY_LEARNING, averageFrom: 1000, averageDecay: 0.999 },
    rateAtWidth: RATE_OF_DICTIONARY_LEARNING,
  },
  {
    name: 'dictionary-learning-jumprelu',
    architecture: 'jumprelu',
    source: 'dictionary_learning, JumpReluTrainer: defaults; set k, its target for L0',
    settings: {
      ...DICTIONARY_LEARNING,
      beta1: 0,
      learningRate: 7e-5,
      bandwidth: 0.001,
      firstThreshold: 0.001,
      l0Coefficient: 1,
      sparsityWarmup: 2000,
      auxCoefficient: 0,
    },
  },
  {
    name: 'rajamanoharan-gated',
    architecture: 'gated',
    source: 'Rajamanoharan et al. 2024 (2404.16014): Adam',
    settings: { beta1: 0, beta2: 0.999, epsilon: 1e-8, learningRate: 5e-5 },
  },
  {
    name: 'kissane-attention',
    architecture: 'relu',
    source:
      'Kissane et al. 2024 (2406.17759): GPT-2 small, attention outputs; L1 there is of raw activations, so set l1Coefficient or k',
    // Everything for which its released configuration has no setting is off.
    settings: {
      d_sae: 24_576,
      batchSize: 4096,
      beta1: 0.9,
      beta2: 0.99,
      epsilon: 1e-8,
      learningRate: 1.2e-3,
      gradientClip: null,
      warmupSteps: 1000,
      decaySteps: 0,
      sparsityWarmup: 0,
      resampleAt: [25_000, 50_000, 75_000, 100_000],
    },
  },
]

/** @throws LoupeError naming the nearest known preset */
export function presetNamed(name: string): TrainingPreset {
  const found = PRESETS.find((preset) => preset.name === name)
  if (!found)
    throw unknownName(
      'preset',
      name,
      PRESETS.map((preset) => preset.name),
    )
  return found
}

/**
 * The settings of a preset, replaced by `overrides` where these say something.
 * @throws LoupeError when they name another architecture
 */
export function withPreset(
  name: string,
  overrides: Readonly<Record<string, unknown>>,
): Record<string, unknown> & { architecture: string } {
  const { architecture, settings, rateAtWidth } = presetNamed(name)
  if (overrides['architecture'] !== undefined && overrides['architecture'] !== architecture) {
    throw new LoupeError(
      'bad-usage',
      `the preset ${name} is for ${architecture}, not for ${JSON.stringify(overrides['architecture'])}`,
      {
        remedy: 'leave out --architecture or the preset',
      },
    )
  }
  const all: Record<string, unknown> = { ...settings, ...definedOf(overrides) }
  const d_sae = all['d_sae']
  return { ...(typeof d_sae === 'number' && rateAtWidth && rateOf(d_sae, rateAtWidth)), ...all, architecture }
}

function rateOf(d_sae: number, { learningRate, d_sae: width }: NonNullable<TrainingPreset['rateAtWidth']>) {
  return { learningRate: learningRate / Math.sqrt(d_sae / width) }
}

function definedOf(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
}
