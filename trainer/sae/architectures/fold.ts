/** From trained weights in scaled units to a dictionary in raw units. */
import type { NamedTensor } from '../../tensors/arrays'
import type { Parameters } from '../step/spec'
import type { Calibration } from './calibrate'
import type { FoldedDictionary } from './record'

/** What every autoencoder's configuration has. */
interface Widths {
  architecture: string
  d_in: number
  d_sae: number
}

/**
 * Parameters trained on `inputScale · x`, for raw x. Selection by size does not change when all activations are
 * divided by the scale, so that weights and decoder norms stay and the biases shrink:
 * relu((s x − b) W + c) / s = relu((x − b/s) W + c/s).
 */
export function unscaled(parameters: Parameters, inputScale: number): Parameters {
  const divided = ({ shape, data }: NamedTensor) => ({ shape, data: data.map((value) => value / inputScale) })
  return {
    ...parameters,
    b_enc: divided(parameters['b_enc']!),
    b_dec: divided(parameters['b_dec']!),
  }
}

/**
 * The same for a transcoder, whose outputs have their own scale, t: the factor s/t goes to the encoder, so that
 * decoder rows keep norm 1: (relu(s x W + c) D + b) / t = relu(x (s/t) W + c/t) D + b/t. W_skip becomes (s/t) W_skip.
 */
export function unscaledPair(parameters: Parameters, { inputScale, targetScale }: Calibration): Parameters {
  const ratio = inputScale / targetScale
  const multiplied = ({ shape, data }: NamedTensor) => ({ shape, data: data.map((value) => value * ratio) })
  return {
    ...unscaled(parameters, targetScale),
    W_enc: multiplied(parameters['W_enc']!),
    ...(parameters['W_skip'] && { W_skip: multiplied(parameters['W_skip']) }),
  }
}

/** The k largest of every token at inference too. */
export function foldTopk(
  { architecture, d_in, d_sae, k }: Widths & { k: number },
  parameters: Parameters,
  { inputScale }: Calibration,
): FoldedDictionary {
  return {
    config: { architecture, d_in, d_sae, activation: { kind: 'topk', k }, apply_b_dec_to_input: true },
    tensors: unscaled(parameters, inputScale),
  }
}

/**
 * A dictionary whose latents are on above a threshold, in SAELens's words a jumprelu: libraries without selection over
 * batches can load it.
 * @param threshold in scaled units, `[]` or `[d_sae]`
 */
export function foldThreshold(
  { architecture, d_in, d_sae }: Widths,
  parameters: Parameters,
  threshold: NamedTensor,
  { inputScale }: Calibration,
): FoldedDictionary {
  const thresholdOf = (latent: number) => threshold.data[threshold.shape.length === 0 ? 0 : latent]! / inputScale
  return {
    config: { architecture, d_in, d_sae, activation: { kind: 'jumprelu' }, apply_b_dec_to_input: true },
    tensors: {
      ...unscaled(parameters, inputScale),
      threshold: { shape: [d_sae], data: Float32Array.from({ length: d_sae }, (_, latent) => thresholdOf(latent)) },
    },
  }
}
