/**
 * Sparse codes of `n` tokens in compressed-row form: the one currency between selection, decode, gradients,
 * statistics and pages. Row `t` owns entries `offsets[t] … offsets[t + 1]`; indices ascend within a row; values > 0.
 */
export interface Codes {
  n: number
  d_sae: number
  /** `[n + 1]` */
  offsets: Int32Array
  /** `[nnz]` latent of each entry. */
  indices: Int32Array
  /** `[nnz]` */
  values: Float32Array
}

/** A named parameter as plain memory, row-major. */
export interface NamedTensor {
  shape: number[]
  data: Float32Array
}
