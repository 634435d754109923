/** One number for the thresholds of all latents, for the figures of a step. */
import { quantile } from '../../../tensors/bootstrap'
import { NEVER } from '../../step/selections/columnThresholds'

/**
 * Where every latent has its own threshold, the median over latents that are ever selected; otherwise nothing.
 * @param tensors what the selection rule carries or trains; only its `threshold` is read
 */
export function medianThreshold<Tensor extends { readonly shape: readonly number[] }>(
  tensors: Readonly<Record<string, Tensor>>,
  read: (tensor: Tensor) => Float32Array,
): { medianThreshold?: number } {
  const threshold = tensors['threshold']
  if (!threshold || threshold.shape.length === 0) return {}
  const reached = read(threshold).filter((value) => value < NEVER)
  return reached.length === 0 ? {} : { medianThreshold: quantile(reached.sort(), 0.5) }
}
