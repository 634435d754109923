/** Sparse codes of tokens in compressed-row form, and what is done with them in plain arrays. */

/**
 * The one currency between selection, decode, gradients, statistics and pages: sparse codes of `n` tokens. Row `t` owns
 * the entries `offsets[t] … offsets[t + 1]`; indices ascend within a row; values are positive.
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

/** The positive entries of `[n, d_sae]` row-major activations. */
export function fromDense(dense: Float32Array, n: number, d_sae: number): Codes {
  const offsets = new Int32Array(n + 1)
  for (let row = 0; row < n; row++) {
    let count = 0
    for (let i = row * d_sae; i < (row + 1) * d_sae; i++) if (dense[i]! > 0) count++
    offsets[row + 1] = offsets[row]! + count
  }
  const indices = new Int32Array(offsets[n]!)
  const values = new Float32Array(offsets[n]!)
  let entry = 0
  for (let row = 0; row < n; row++) {
    for (let latent = 0; latent < d_sae; latent++) {
      const value = dense[row * d_sae + latent]!
      if (value > 0) {
        indices[entry] = latent
        values[entry++] = value
      }
    }
  }
  return { n, d_sae, offsets, indices, values }
}

/** `[n, d_sae]` row-major, zero where a latent is off. */
export function toDense({ n, d_sae, offsets, indices, values }: Codes): Float32Array {
  const dense = new Float32Array(n * d_sae)
  for (let row = 0; row < n; row++) {
    for (let entry = offsets[row]!; entry < offsets[row + 1]!; entry++) {
      dense[row * d_sae + indices[entry]!] = values[entry]!
    }
  }
  return dense
}

/** The rows of all parts, one after the other. */
export function concatCodes(parts: readonly Codes[], d_sae: number): Codes {
  if (parts.length === 1) return parts[0]!
  const n = parts.reduce((sum, part) => sum + part.n, 0)
  const entries = parts.reduce((sum, part) => sum + part.indices.length, 0)
  const codes: Codes = {
    n,
    d_sae,
    offsets: new Int32Array(n + 1),
    indices: new Int32Array(entries),
    values: new Float32Array(entries),
  }
  let row = 0
  let entry = 0
  for (const part of parts) {
    codes.indices.set(part.indices, entry)
    codes.values.set(part.values, entry)
    for (let i = 1; i <= part.n; i++) codes.offsets[row + i] = entry + part.offsets[i]!
    row += part.n
    entry += part.indices.length
  }
  return codes
}

/** Rows `[from, to)` as separate codes; indices and values are views. */
export function sliceCodes({ d_sae, offsets, indices, values }: Codes, from: number, to: number): Codes {
  const begin = offsets[from]!
  const end = offsets[to]!
  return {
    n: to - from,
    d_sae,
    offsets: offsets.slice(from, to + 1).map((offset) => offset - begin),
    indices: indices.subarray(begin, end),
    values: values.subarray(begin, end),
  }
}

/** How many latents are active in a row: its L0. */
export const activeIn = ({ offsets }: Pick<Codes, 'offsets'>, row: number): number => offsets[row + 1]! - offsets[row]!

/** The largest number of active latents in a row. */
export function longestRow(codes: Codes): number {
  let longest = 0
  for (let row = 0; row < codes.n; row++) longest = Math.max(longest, activeIn(codes, row))
  return longest
}

/**
 * `codes @ W_dec` in plain arrays: the reference of every faster decode, and the fastest where the backend is not
 * TensorFlow (2 to 3 ns per entry and output).
 * @param W_dec `[d_sae, d_out]`
 * @returns `[n, d_out]`, without b_dec
 */
export function decodeSparse({ n, offsets, indices, values }: Codes, W_dec: Float32Array, d_out: number): Float32Array {
  const result = new Float32Array(n * d_out)
  for (let row = 0; row < n; row++) {
    for (let entry = offsets[row]!; entry < offsets[row + 1]!; entry++) {
      const value = values[entry]!
      const start = indices[entry]! * d_out
      for (let j = 0; j < d_out; j++) result[row * d_out + j]! += value * W_dec[start + j]!
    }
  }
  return result
}
