/** The classes of dictionary_learning: what each computes, and the names of its tensors. */
import type { DictionaryConfigInput } from '../../sae/dictionary/config'
import type { Layout } from '../tensors'

export interface DictionaryClass {
  /** Loupe's name for the method. */
  architecture: string
  kind: DictionaryConfigInput['activation']['kind']
  /** Whether b_dec is subtracted from the input. */
  applies: boolean
  layout: Layout
  /** Further entries of the state dict. `threshold` is one number for all latents where `layout` has none. */
  others: readonly string[]
  /** Its trainer, as dictionary_learning calls it. */
  trainer: string
}

/** nn.Linear keeps its weights as `[out, in]`. */
const LINEAR: Layout = {
  W_enc: { name: 'encoder.weight', transposed: true },
  b_enc: { name: 'encoder.bias' },
  W_dec: { name: 'decoder.weight', transposed: true },
}
const PARAMETERS: Layout = {
  W_enc: { name: 'W_enc' },
  b_enc: { name: 'b_enc' },
  W_dec: { name: 'W_dec' },
  b_dec: { name: 'b_dec' },
}

export const CLASSES: Readonly<Record<string, DictionaryClass>> = {
  AutoEncoder: {
    architecture: 'relu',
    kind: 'relu',
    applies: true,
    others: [],
    trainer: 'StandardTrainer',
    layout: { ...LINEAR, b_dec: { name: 'bias' } },
  },
  AutoEncoderNew: {
    architecture: 'relu',
    kind: 'relu',
    applies: false,
    others: [],
    trainer: 'StandardTrainerAprilUpdate',
    layout: { ...LINEAR, b_dec: { name: 'decoder.bias' } },
  },
  GatedAutoEncoder: {
    architecture: 'gated',
    kind: 'gated',
    applies: true,
    others: [],
    trainer: 'GatedSAETrainer',
    layout: {
      ...LINEAR,
      b_dec: { name: 'decoder_bias' },
      b_gate: { name: 'gate_bias' },
      b_mag: { name: 'mag_bias' },
      r_mag: { name: 'r_mag' },
    },
  },
  AutoEncoderTopK: {
    architecture: 'topk',
    kind: 'topk',
    applies: true,
    trainer: 'TopKTrainer',
    layout: { ...LINEAR, b_dec: { name: 'b_dec' } },
    others: ['k', 'threshold'],
  },
  BatchTopKSAE: {
    architecture: 'batchtopk',
    kind: 'jumprelu',
    applies: true,
    trainer: 'BatchTopKTrainer',
    layout: { ...LINEAR, b_dec: { name: 'b_dec' } },
    others: ['k', 'threshold'],
  },
  MatryoshkaBatchTopKSAE: {
    architecture: 'matryoshka',
    kind: 'jumprelu',
    applies: true,
    trainer: 'MatryoshkaBatchTopKTrainer',
    layout: PARAMETERS,
    others: ['k', 'threshold', 'group_sizes'],
  },
  JumpReluAutoEncoder: {
    architecture: 'jumprelu',
    kind: 'jumprelu',
    applies: false,
    others: [],
    trainer: 'JumpReluTrainer',
    layout: { ...PARAMETERS, threshold: { name: 'threshold' } },
  },
}
