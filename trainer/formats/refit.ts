/** Converts a dictionary into the form that a layout supports. Codes and outputs stay the same, up to rounding. */
import { LoupeError } from '../errors'
import type { Dictionary } from '../sae/dictionary/dictionary'
import type { DictionaryConfig, DictionaryTensors } from '../sae/dictionary/config'
import type { NamedTensor } from '../tensors/arrays'

/** A dictionary as data. */
export interface Weights {
  readonly config: DictionaryConfig
  readonly tensors: DictionaryTensors
}

/** Ranking and codes times ‖W_dec‖ become a property of the weights: decoder rows of norm 1, a larger encoder. */
export function withFoldedNorms({ config, tensors }: Weights): Weights {
  const { activation, d_in, d_sae } = config
  if (activation.kind !== 'topk' || !activation.rescale_acts_by_decoder_norm) return { config, tensors }
  const { W_enc, b_enc, W_dec } = named(tensors)
  const d_out = W_dec.data.length / d_sae
  const norms = Float32Array.from({ length: d_sae }, (_, row) =>
    Math.hypot(...W_dec.data.subarray(row * d_out, (row + 1) * d_out)),
  )
  // A row of zeros decodes to nothing, and its codes stay zero as before.
  const encoder = Float32Array.from({ length: d_in * d_sae }, (_, i) => W_enc.data[i]! * norms[i % d_sae]!)
  const decoder = W_dec.data.map((value, i) => value / (norms[Math.floor(i / d_out)]! || 1))
  return {
    config: { ...config, activation: { ...activation, rescale_acts_by_decoder_norm: false } },
    tensors: {
      ...tensors,
      W_enc: { shape: W_enc.shape, data: encoder },
      b_enc: { shape: b_enc.shape, data: b_enc.data.map((value, i) => value * norms[i]!) },
      W_dec: { shape: W_dec.shape, data: decoder },
    },
  }
}

/** `b_dec` subtracted from the input, or not: (x − b) W + c = x W + (c − b W). */
export function withInputBias(weights: Weights, apply: boolean): Weights {
  const { config, tensors } = weights
  if (config.apply_b_dec_to_input === apply) return weights
  const { W_enc, b_dec } = named(tensors)
  const shift = new Float64Array(config.d_sae)
  for (let row = 0; row < config.d_in; row++) {
    const factor = (apply ? 1 : -1) * b_dec.data[row]!
    const at = row * config.d_sae
    for (let latent = 0; latent < config.d_sae; latent++) shift[latent]! += factor * W_enc.data[at + latent]!
  }
  const shifted = ({ shape, data }: NamedTensor, scale?: NamedTensor) => ({
    shape,
    data: data.map((value, i) => value + shift[i]! * (scale ? Math.exp(scale.data[i]!) : 1)),
  })
  const biases: Record<string, NamedTensor> = {}
  if (tensors['b_enc']) biases['b_enc'] = shifted(tensors['b_enc'])
  if (tensors['b_gate']) biases['b_gate'] = shifted(tensors['b_gate'])
  if (tensors['b_mag']) biases['b_mag'] = shifted(tensors['b_mag'], tensors['r_mag'])
  return { config: { ...config, apply_b_dec_to_input: apply }, tensors: { ...tensors, ...biases } }
}

/** A relu is a jump at zero. */
export function asJumpRelu({ config, tensors }: Weights): Weights {
  if (config.activation.kind !== 'relu') return { config, tensors }
  const threshold = { shape: [config.d_sae], data: new Float32Array(config.d_sae) }
  return { config: { ...config, activation: { kind: 'jumprelu' } }, tensors: { ...tensors, threshold } }
}

/** The threshold that all latents share; undefined where they differ. */
export function commonThreshold({ threshold }: DictionaryTensors): number | undefined {
  const first = threshold?.data[0]
  return first !== undefined && threshold!.data.every((value) => value === first) ? first : undefined
}

/**
 * @throws LoupeError for a dictionary that a layout cannot represent
 * @param library the one with this layout
 */
export function requirePlain(
  { config }: Dictionary,
  library: string,
  supported: { layerNorm?: boolean; transcoders?: boolean } = {},
): void {
  const { d_out, normalize_activations } = config
  if (d_out !== undefined && !supported.transcoders) throw unfit(library, 'has no transcoders')
  if (normalize_activations !== 'none' && !(supported.layerNorm && normalize_activations === 'layer_norm')) {
    throw unfit(library, `does not normalise inputs, the dictionary does (${normalize_activations})`)
  }
}

/** A layout cannot represent a dictionary: the reason, and the format that can. */
export function unfit(library: string, why: string, remedy = 'export it with --format saelens'): LoupeError {
  return new LoupeError('unsupported', `${library} ${why}`, { remedy })
}

function named(tensors: DictionaryTensors): Record<'W_enc' | 'b_enc' | 'W_dec' | 'b_dec', NamedTensor> {
  return tensors as Record<'W_enc' | 'b_enc' | 'W_dec' | 'b_dec', NamedTensor>
}
