/** New directions for dead latents (Bricken et al. 2023; as in Kissane et al. 2024, 2406.17759). */
import { createRandom } from '../../tensors/random'
import { FIRING, furtherParameters, STATE_PREFIXES } from '../step/state'
import type { EncodingPass, EngineSpec, EngineState, StepInput, TrainEngine } from '../step/spec'
import { type NamedTensor, norm } from '../../tensors/arrays'

/** Rows that new directions are drawn from. */
export const RESAMPLING_ROWS = 32_768
/** Share of the mean norm of the encoder columns of live latents. */
const ENCODER_SHARE = 0.2
const CHUNK_ROWS = 2048

/**
 * Every dead latent gets the direction of a badly reconstructed input: rows are drawn with a probability proportional to
 * their squared loss, without replacement. Its decoder row becomes the direction of target − b_dec. Its encoder column
 * becomes that of the input (minus b_dec where the encoder subtracts it) at a fifth of the usual norm. Its bias and its
 * moments become 0, and it counts as if it had just fired. Everything else that is trained for it starts over. Our reading:
 * a latent is dead when it has not fired for `deadAfterTokens`.
 * @param pool raw rows
 * @param seed equal seeds draw equal rows
 * @returns how many latents got a new direction; the limit is the number of rows of `pool`
 */
export async function resample(engine: TrainEngine, spec: EngineSpec, pool: StepInput, seed: string): Promise<number> {
  const state = await engine.state()
  const waited = state.tensors[FIRING.tokensSinceFired]!.data
  const dead = Array.from(waited.keys()).filter((latent) => waited[latent]! >= spec.deadAfterTokens)
  if (dead.length === 0) return 0
  const rows = drawn(await squaredErrors(engine, spec, pool), dead.length, seed)
  const norm = meanColumnNorm(state.tensors['W_enc']!, new Set(dead)) * ENCODER_SHARE
  const first = { b_enc: { shape: [spec.d_sae], data: new Float32Array(spec.d_sae) }, ...furtherParameters(spec) }
  const { b_dec } = state.tensors as { b_dec: NamedTensor }
  const { d_in, d_out, inputScale, targetScale, subtractDecoderBias } = spec
  for (const [place, row] of rows.entries()) {
    const latent = dead[place]!
    const rowOf = (values: Float32Array, width: number, scale: number, less?: Float32Array) =>
      direction(Float32Array.from({ length: width }, (_, i) => values[row * width + i]! * scale - (less?.[i] ?? 0)))
    const encoder = rowOf(pool.x, d_in, inputScale, subtractDecoderBias ? b_dec.data : undefined)
    const decoder = pool.target ? rowOf(pool.target, d_out, targetScale, b_dec.data) : encoder
    resetLatent(state, first, latent)
    setColumn(
      state.tensors['W_enc']!,
      latent,
      encoder.map((value) => value * norm),
    )
    state.tensors['W_dec']!.data.set(decoder, latent * d_out)
    waited[latent] = 0
  }
  await engine.load(state)
  return rows.length
}

/** `[rows]` ‖target − x̂‖², by the training rule. */
async function squaredErrors(
  engine: TrainEngine,
  { d_in, d_out }: EngineSpec,
  { x, target, gradient }: StepInput,
): Promise<Float64Array> {
  const errors = new Float64Array(x.length / d_in)
  const wanted = target ?? x
  const pass: EncodingPass = {}
  for (let from = 0; from < errors.length; from += CHUNK_ROWS) {
    const cut = (values: Float32Array, width: number) => values.slice(from * width, (from + CHUNK_ROWS) * width)
    const chunk = cut(x, d_in)
    const codes = await engine.encode(chunk, {
      by: 'training',
      pass,
      ...(gradient && { gradient: cut(gradient, d_out) }),
    })
    const output = await engine.decode(codes, chunk)
    for (const [at, value] of output.entries()) {
      errors[from + Math.floor(at / d_out)]! += (wanted[from * d_out + at]! - value) ** 2
    }
  }
  return errors
}

/** Rows with probability ∝ error², without replacement (Efraimidis and Spirakis 2006: the largest log(u) / weight). */
function drawn(errors: Float64Array, count: number, seed: string): number[] {
  const random = createRandom(seed)
  const keys = errors.map((error) => Math.log(1 - random.next()) / Math.max(error ** 2, 1e-300))
  const order = Array.from(keys.keys()).sort((a, b) => keys[b]! - keys[a]! || a - b)
  return order.slice(0, count)
}

/** Resets what is trained for one latent, and its moments: biases and everything else with a value per latent. */
function resetLatent({ tensors }: EngineState, first: Readonly<Record<string, NamedTensor>>, latent: number): void {
  for (const moments of [STATE_PREFIXES.m, STATE_PREFIXES.v]) {
    setColumn(tensors[`${moments}W_enc`]!, latent, 0)
    const { shape, data } = tensors[`${moments}W_dec`]!
    data.fill(0, latent * shape[1]!, (latent + 1) * shape[1]!)
  }
  for (const [name, { shape, data }] of Object.entries(first)) {
    if (shape.length !== 1) continue
    tensors[name]!.data[latent] = data[latent]!
    for (const moments of [STATE_PREFIXES.m, STATE_PREFIXES.v]) tensors[moments + name]!.data[latent] = 0
  }
}

/** @param values of the column, or one for all */
function setColumn({ shape, data }: NamedTensor, column: number, values: Float32Array | number): void {
  const [rows, width] = shape as [number, number]
  for (let row = 0; row < rows; row++) data[row * width + column] = typeof values === 'number' ? values : values[row]!
}

function meanColumnNorm({ shape, data }: NamedTensor, without: ReadonlySet<number>): number {
  const [rows, width] = shape as [number, number]
  const squares = new Float64Array(width)
  for (let at = 0; at < rows * width; at++) squares[at % width]! += data[at]! ** 2
  const norms = Array.from(squares, Math.sqrt).filter((_, column) => !without.has(column))
  return norms.length > 0 ? norms.reduce((sum, norm) => sum + norm, 0) / norms.length : 1
}

/** At norm 1; a zero vector stays. */
function direction(vector: Float32Array): Float32Array {
  const length = norm(vector)
  return length > 0 ? vector.map((value) => value / length) : vector
}
