/** A trained dictionary: activations to codes and back. */
import * as tf from '@tensorflow/tfjs-core'
import { LoupeError } from '../../errors'
import { currentBackend } from '../../tensors/backend'
import { encodeSafetensors, parseSafetensors } from '../../tensors/safetensors'
import { tidyToHost } from '../../tensors/tidyToHost'
import { activationRule } from './activations'
import type { ActivationRule } from './activations/activation'
import { concatCodes, decodeSparse, fromDense, longestRow, sliceCodes, toDense, type Codes } from '../codes/codes'
import {
  checkShapes,
  checkValues,
  outputWidth,
  parseDictionaryConfig,
  type DictionaryConfig,
  type DictionaryConfigInput,
  type DictionaryTensors,
} from './config'
import { normalizeInput, restoreOutput } from './normalization'
import { sizeOf, rowNorms } from '../../tensors/arrays'

/** Largest intermediate in floats (64 MiB): rows are encoded and decoded in chunks that stay below it. */
const CHUNK_FLOATS = 2 ** 24

/** Measured: a float of a gathered decoder row costs as much as this many multiplications of the dense product. */
const GATHERED_COST = 54

/** Key of the configuration in the metadata of a weights blob. */
const CONFIG_KEY = 'loupe.dictionary'

/**
 * A dictionary ready to be used: encodes activations to sparse codes and decodes them, exactly as SAELens computes
 * the same weights (row vectors, `x W_enc`). Weights stay in plain memory; their copy on the device is made on first
 * use and freed by `dispose`.
 */
export class Dictionary {
  private readonly rule: ActivationRule
  /** ‖W_dec‖ by row, `[d_sae]`; only where the activation rescales by it. */
  private readonly decoderNorms: Float32Array | undefined
  private device: Readonly<Record<string, tf.Tensor>> | undefined

  private constructor(
    readonly config: DictionaryConfig,
    readonly tensors: DictionaryTensors,
  ) {
    this.rule = activationRule(config.activation)
    if (this.rule.rescalesByDecoderNorm) this.decoderNorms = rowNorms(tensors['W_dec']!.data, this.d_out)
  }

  /**
   * Checks everything, computes nothing.
   * @param tensors by SAELens's names: `W_enc [d_in, d_sae]`, `W_dec [d_sae, d_out]`, `b_dec [d_out]`, those of the
   *   activation `[d_sae]`, `W_skip [d_out, d_in]`; kept, not copied
   * @param source where they come from, for messages
   * @throws LoupeError naming what is missing, misshapen, not finite or out of range
   */
  static create(config: DictionaryConfigInput, tensors: DictionaryTensors, source = 'dictionary'): Dictionary {
    const checked = parseDictionaryConfig(config, source)
    checkShapes(checked, new Map(Object.entries(tensors)), source)
    checkValues(tensors, source)
    return new Dictionary(checked, tensors)
  }

  /** The weights and the configuration as one safetensors container; equal weights have equal bytes. */
  toSafetensors(): Buffer {
    return encodeSafetensors(this.tensors, { [CONFIG_KEY]: JSON.stringify(this.config) })
  }

  /**
   * @param config for containers that hold none; it wins over one they hold
   * @throws LoupeError as `create`, and for damaged bytes
   */
  static fromSafetensors(bytes: Uint8Array, config?: DictionaryConfigInput, source = 'dictionary weights'): Dictionary {
    const blob = parseSafetensors(bytes, source)
    const tensors = [...blob.tensors].map(([name, { shape }]) => [name, { shape, data: blob.read(name) }] as const)
    return Dictionary.create(config ?? storedConfig(blob.metadata, source), Object.fromEntries(tensors), source)
  }

  get d_in(): number {
    return this.config.d_in
  }

  get d_sae(): number {
    return this.config.d_sae
  }

  get d_out(): number {
    return outputWidth(this.config)
  }

  /**
   * Codes of activations.
   * @param x `[n, d_in]`, or `[n, heads, d_head]` of that width (hook_z)
   * @throws LoupeError for another width and for NaN or infinite activations
   */
  encode(x: tf.Tensor): Codes {
    return tidyToHost(() => {
      const rows = this.flatten(x)
      refuseNonFinite(rows)
      const [n] = rows.shape
      const step = Math.max(1, Math.floor(CHUNK_FLOATS / this.d_sae))
      const parts: Codes[] = []
      for (let from = 0; from < n; from += step) {
        const size = Math.min(step, n - from)
        parts.push(tidyToHost(() => this.encodeChunk(tf.slice(rows, [from, 0], [size, this.d_in]))))
      }
      return concatCodes(parts, this.d_sae)
    })
  }

  /** The same codes as one dense tensor `[n, d_sae]`: for few rows, because it is large. */
  encodeDense(x: tf.Tensor): tf.Tensor2D {
    const codes = this.encode(x)
    return tf.tensor2d(toDense(codes), [codes.n, codes.d_sae])
  }

  /**
   * The dictionary's full output `[n, d_out]`: with b_dec, the normalisation undone, the skip term added.
   * @param codes sparse, or dense `[n, d_sae]`
   * @param x the input of these codes, as passed to `encode`; needed where the output depends on it (run-time
   *   normalisation of an autoencoder, skip)
   */
  decode(codes: Codes | tf.Tensor2D, x?: tf.Tensor): tf.Tensor2D {
    return tf.tidy(() => {
      const { W_skip, b_dec } = this.weights()
      const sum = codes instanceof tf.Tensor ? this.decodeDense(codes) : this.decodeCodes(codes)
      let output = tf.add<tf.Tensor2D>(sum, b_dec!)
      const { normalize_activations: kind, d_out } = this.config
      // A transcoder's output has its own scale: SAELens restores the scale of autoencoders only.
      if (kind !== 'none' && d_out === undefined) output = restoreOutput(kind, output, this.inputOf(output, x))
      if (W_skip) output = tf.add(output, tf.matMul(this.inputOf(output, x), W_skip as tf.Tensor2D, false, true))
      return output
    })
  }

  /**
   * What one unit of a latent adds to the output: its decoder row, `[d_out]`, unit norm if the dictionary reports
   * codes so. Under run-time normalisation the unit is that of the normalised output.
   */
  direction(feature: number): Float32Array {
    if (!Number.isInteger(feature) || feature < 0 || feature >= this.d_sae) {
      throw new LoupeError('not-found', `there is no feature ${feature}`, {
        remedy: `features go from 0 to ${this.d_sae - 1}`,
      })
    }
    const row = this.tensors['W_dec']!.data.slice(feature * this.d_out, (feature + 1) * this.d_out)
    const norm = this.decoderNorms?.[feature] ?? 1
    return norm === 1 || norm === 0 ? row : row.map((value) => value / norm)
  }

  /** Frees the device's copy; the dictionary stays usable and makes a new copy when it needs one. */
  dispose(): void {
    if (this.device) tf.dispose(this.device)
    this.device = undefined
  }

  private encodeChunk(x: tf.Tensor2D): Codes {
    const weights = this.weights()
    let input = normalizeInput(this.config.normalize_activations, x)
    if (this.config.apply_b_dec_to_input) input = tf.sub(input, weights['b_dec']!)
    let pre: tf.Tensor2D = tf.matMul(input, weights['W_enc'] as tf.Tensor2D)
    if (weights['b_enc']) pre = tf.add(pre, weights['b_enc'])
    if (weights['norms']) pre = tf.mul(pre, weights['norms'])
    const selected = this.rule.select(pre, weights)
    return selected instanceof tf.Tensor ? fromDense(selected.dataSync<'float32'>(), x.shape[0], this.d_sae) : selected
  }

  private decodeDense(acts: tf.Tensor2D): tf.Tensor2D {
    this.checkWidth(acts.shape[1])
    const { W_dec, norms } = this.weights()
    return tf.matMul(norms ? tf.divNoNan(acts, norms) : acts, W_dec as tf.Tensor2D)
  }

  /** A dense product where so many latents are on that it is cheaper; otherwise only the rows of W_dec that are on. */
  private decodeCodes(codes: Codes): tf.Tensor2D {
    this.checkWidth(codes.d_sae)
    if (codes.n === 0) return tf.zeros([0, this.d_out])
    const width = Math.max(1, longestRow(codes))
    const dense = width * GATHERED_COST > this.d_sae
    const floatsPerRow = dense ? this.d_sae : width * this.d_out
    const step = Math.max(1, Math.floor(CHUNK_FLOATS / floatsPerRow))
    const parts: tf.Tensor2D[] = []
    for (let from = 0; from < codes.n; from += step) {
      const chunk = sliceCodes(codes, from, Math.min(codes.n, from + step))
      parts.push(tf.tidy(() => (dense ? this.decodeDense(denseTensor(chunk)) : this.decodeRows(chunk, width))))
    }
    return parts.length === 1 ? parts[0]! : tf.concat(parts, 0)
  }

  private decodeRows(codes: Codes, width: number): tf.Tensor2D {
    const { n, indices } = codes
    const norms = this.decoderNorms
    const values = norms ? codes.values.map((value, entry) => value / norms[indices[entry]!]!) : codes.values
    if (currentBackend().name === 'tensorflow') return this.decodeGathered({ ...codes, values }, width)
    // Elsewhere the batched product is twenty times slower than plain arrays.
    return tf.tensor2d(decodeSparse({ ...codes, values }, this.tensors['W_dec']!.data, this.d_out), [n, this.d_out])
  }

  /** Rows of W_dec, padded to the longest row of codes, times values. */
  private decodeGathered({ n, offsets, indices, values }: Codes, width: number): tf.Tensor2D {
    const paddedIndices = new Int32Array(n * width)
    const paddedValues = new Float32Array(n * width)
    for (let row = 0; row < n; row++) {
      const begin = offsets[row]!
      for (let entry = begin; entry < offsets[row + 1]!; entry++) {
        paddedIndices[row * width + entry - begin] = indices[entry]!
        paddedValues[row * width + entry - begin] = values[entry]!
      }
    }
    const rows = tf.gather(this.weights()['W_dec']!, tf.tensor1d(paddedIndices, 'int32'))
    const directions = tf.reshape<tf.Rank.R3>(rows, [n, width, this.d_out])
    return tf.reshape(tf.matMul(tf.tensor3d(paddedValues, [n, 1, width]), directions), [n, this.d_out])
  }

  private flatten(x: tf.Tensor): tf.Tensor2D {
    const [n, ...rest] = x.shape
    const width = sizeOf(rest)
    if (n === undefined || rest.length === 0 || width !== this.d_in) {
      throw new LoupeError(
        'mismatch',
        `activations have the shape [${x.shape.join(', ')}], expected [n, ${this.d_in}]`,
        {
          remedy: 'use activations of the hook that the dictionary was trained on',
        },
      )
    }
    return tf.reshape(x, [n, width])
  }

  private inputOf(output: tf.Tensor2D, x: tf.Tensor | undefined): tf.Tensor2D {
    if (!x) throw new Error('decode needs the input: the output of this dictionary depends on it')
    const rows = this.flatten(x)
    if (rows.shape[0] !== output.shape[0]) throw new Error(`${rows.shape[0]} inputs for ${output.shape[0]} codes`)
    return rows
  }

  private checkWidth(d_sae: number): void {
    if (d_sae !== this.d_sae) {
      throw new LoupeError('mismatch', `codes of ${d_sae} latents, but the dictionary has ${this.d_sae}`)
    }
  }

  /** The device's copy, which outlives the tidy that it may be made in. */
  private weights(): Readonly<Record<string, tf.Tensor>> {
    if (!this.device) {
      const entries = Object.entries(this.tensors)
      if (this.decoderNorms) entries.push(['norms', { shape: [this.d_sae], data: this.decoderNorms }])
      this.device = Object.fromEntries(
        entries.map(([name, { shape, data }]) => [name, tf.keep(tf.tensor(data, shape))]),
      )
    }
    return this.device
  }
}

function storedConfig(metadata: Readonly<Record<string, string>>, source: string): DictionaryConfigInput {
  const text = metadata[CONFIG_KEY]
  if (text === undefined) throw new LoupeError('bad-input', `${source}: there is no configuration with the weights`)
  try {
    return JSON.parse(text) as DictionaryConfigInput
  } catch (cause) {
    throw new LoupeError('bad-input', `${source}: the configuration with the weights is not JSON`, { cause })
  }
}

function denseTensor(codes: Codes): tf.Tensor2D {
  return tf.tensor2d(toDense(codes), [codes.n, codes.d_sae])
}

/** 0 × x is NaN exactly where x is NaN or infinite. */
function refuseNonFinite(rows: tf.Tensor2D): void {
  if (Number.isNaN(tf.sum(tf.mul(rows, 0)).dataSync()[0])) {
    throw new LoupeError('bad-input', 'the activations contain NaN or infinite values, which have no codes')
  }
}
