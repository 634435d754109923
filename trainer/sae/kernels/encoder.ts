/**
 * The encoder as one matrix `[d_sae, d_in + 1]`: W_encᵀ with b_enc as its last column. Rows of a latent are contiguous,
 * the bias needs no extra pass over `[n, d_sae]`, and one product computes both gradients.
 */
import { attribute, type Handle, type RawTensorFlow } from '../../tensors/raw'
import type { NamedTensor } from '../../tensors/arrays'
import { concatenated } from './sparse'

/** @param W_enc `[d_in, d_sae]` */
export function joinEncoder(W_enc: NamedTensor, b_enc: NamedTensor): NamedTensor {
  const [d_in, d_sae] = W_enc.shape as [number, number]
  const width = d_in + 1
  const data = new Float32Array(d_sae * width)
  for (let i = 0; i < d_in; i++) {
    for (let latent = 0; latent < d_sae; latent++) data[latent * width + i] = W_enc.data[i * d_sae + latent]!
  }
  for (let latent = 0; latent < d_sae; latent++) data[latent * width + d_in] = b_enc.data[latent]!
  return { shape: [d_sae, width], data }
}

export function splitEncoder({ shape, data }: NamedTensor): { W_enc: NamedTensor; b_enc: NamedTensor } {
  const [d_sae, width] = shape as [number, number]
  const d_in = width - 1
  const W_enc = new Float32Array(d_in * d_sae)
  const b_enc = new Float32Array(d_sae)
  for (let i = 0; i < d_in; i++) {
    for (let latent = 0; latent < d_sae; latent++) W_enc[i * d_sae + latent] = data[latent * width + i]!
  }
  for (let latent = 0; latent < d_sae; latent++) b_enc[latent] = data[latent * width + d_in]!
  return { W_enc: { shape: [d_in, d_sae], data: W_enc }, b_enc: { shape: [d_sae], data: b_enc } }
}

/** `[n, d_in]` → `[n, d_in + 1]`, the last column 1. */
export function withOnes(raw: RawTensorFlow, x: Handle): Handle {
  return raw.tidy(() => {
    const ones = raw.run('Fill', [raw.integers([x.shape[0]!, 1]), raw.scalar(1)])
    return concatenated(raw, [x, ones], 1)
  })
}

/** @returns `[n, d_sae]` pre-activations */
export function encoderProduct(raw: RawTensorFlow, input: Handle, encoder: Handle): Handle {
  return raw.run('MatMul', [input, encoder], [attribute.bool('transpose_b', true)])
}

/**
 * What the encoder's `x − b_dec` adds to the gradient of b_dec: −Σ over latents of db_enc · W_enc row. One product for
 * all loss parts, since db_enc already sums over tokens.
 * @param gradient `[d_sae, d_in + 1]`
 * @returns `[d_in]`, to be subtracted
 */
export function gradientThroughInput(raw: RawTensorFlow, gradient: Handle, encoder: Handle): Handle {
  const [d_sae, width] = encoder.shape as [number, number]
  return raw.tidy(() => {
    const ofBias = raw.run('Slice', [gradient, raw.integers([0, width - 1]), raw.integers([d_sae, 1])])
    const product = raw.run('MatMul', [ofBias, encoder], [attribute.bool('transpose_a', true)])
    return raw.run('Reshape', [
      raw.run('Slice', [product, raw.integers([0, 0]), raw.integers([1, width - 1])]),
      raw.integers([width - 1]),
    ])
  })
}

/** `[d_sae]` b_enc. */
export function encoderBias(raw: RawTensorFlow, encoder: Handle): Handle {
  const [d_sae, width] = encoder.shape as [number, number]
  return raw.tidy(() => {
    const column = raw.run('Slice', [encoder, raw.integers([0, width - 1]), raw.integers([d_sae, 1])])
    return raw.run('Reshape', [column, raw.integers([d_sae])])
  })
}

/** @param gradient `[d_sae, d_in + 1]`. @param values `[d_sae]`, added to its last column */
export function addToBias(raw: RawTensorFlow, gradient: Handle, values: Handle): Handle {
  const [d_sae, width] = gradient.shape as [number, number]
  return raw.tidy(() => {
    const column = raw.run('Reshape', [values, raw.integers([d_sae, 1])])
    const padded = raw.run('Pad', [column, raw.integers([0, 0, width - 1, 0], [2, 2])])
    return raw.run('AddV2', [gradient, padded])
  })
}
