import type { Calibration } from './calibrate'
import type { Parameters } from '../step/spec'
import type { NamedTensor } from '../dictionary/types'

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
 * The same for a transcoder, whose outputs have a scale of their own, t: the factor s/t goes to the encoder, so that
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
