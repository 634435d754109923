import type { Parameters } from './spec'
import type { NamedTensor } from './types'

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
