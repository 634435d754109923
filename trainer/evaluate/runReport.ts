/** The report on a finished run, over all held-out tokens: densities, dead latents, L0 of tokens, gradients. */
import { LoupeError } from '../errors'
import type { EncodingPass, StepInput, TrainEngine } from '../sae/step/spec'
import { activeIn, type Codes } from '../sae/codes/codes'
import { fitZipf, type FittedZipfLaw } from '../sae/step/zipf/fit'
import { encodeByBoth, type EngineSizes } from './bothRules'
import { norm as vectorNorm } from '../tensors/arrays'
import { correlation } from './correlation'

/** Limit on single tokens and pairs in a report. */
const SAMPLE = 2000
/** Where the latents that fire most have this share of all activity, the dictionary has collapsed onto them. */
const COLLAPSED_SHARE = 0.5
const TOP_LATENTS = 0.01
const FAR_APART = 0.05
const STRONG_CORRELATION = 0.5

/** Plain data, as it is stored. Shares are of tokens; codes are in the engine's scaled units. */
export interface RunReport {
  /** Held-out tokens that were encoded: all of them. */
  tokens: number
  /** Mean L0, and the share of latents that never fired, by each rule; `training` is null where it equals `inference`. */
  rules: { inference: RuleCounts; training: RuleCounts | null }
  /** `[d_sae]` share of tokens on which a latent is on, by the rule of inference, to four digits. */
  densities: number[]
  /** The Zipf law of these densities; null where none could be fitted. Absent in older reports. */
  zipf?: FittedZipfLaw | null
  /** Share of all activity that goes to the 1% of latents that fire most; above one half the dictionary has collapsed. */
  topShare: number | null
  /** The first tokens of the shuffled held-out ones: L0 by the rule of inference, and ‖x‖ in raw units. */
  sample: { l0: number[]; norm: number[] }
  /** Pearson's r of the sample's L0 and norm; null where L0 does not vary. */
  l0NormCorrelation: number | null
  /** For dictionaries that rank by gradients; null for others. */
  gradient: GradientReport | null
}

export interface RuleCounts {
  l0: number
  deadShare: number
}

export interface GradientReport {
  /** Tokens of the one held-out batch on which all of this was counted. Absent in older reports. */
  tokens?: number
  /** Share of the latents selected with the gradient that are not selected without it: |selected \ TopK| / k. */
  swapRate: number
  /** Selected latents of some tokens: activation, |dLoss/dx · decoder row|, whether only the gradient selected it. */
  pairs: { activation: number[]; effect: number[]; swapped: boolean[] }
}

export interface RunReportOptions extends EngineSizes {
  engine: TrainEngine
  d_in: number
  /** Every held-out row once, shuffled: by the rule of training a batch is selected together. */
  batches: AsyncIterable<StepInput>
  signal: AbortSignal
}

export async function reportOnRun({ engine, batches, signal, ...sizes }: RunReportOptions): Promise<RunReport> {
  const { d_in, d_sae, needsGradient } = sizes
  const [inference, training] = [new Float64Array(d_sae), new Float64Array(d_sae)]
  const sample: RunReport['sample'] = { l0: [], norm: [] }
  let [tokens, differ] = [0, false]
  let gradient: GradientReport | null = null
  const pass: EncodingPass = {}
  for await (const batch of batches) {
    if (signal.aborted) throw new LoupeError('cancelled', 'the held-out figures were cancelled')
    const codes = await encodeByBoth(engine, batch, needsGradient, pass)
    countInto(inference, codes.inference)
    countInto(training, codes.training ?? codes.inference)
    differ ||= codes.training !== undefined
    tokens += codes.inference.n
    takeSample(sample, batch.x, codes.inference, d_in)
    if (batch.gradient && needsGradient)
      gradient ??= await reportOnGradient(
        engine,
        { ...batch, gradient: batch.gradient },
        codes.training ?? codes.inference,
      )
  }
  const countsOf = (fired: Float64Array): RuleCounts => ({
    l0: sumOf(fired) / tokens,
    deadShare: fired.filter((count) => count === 0).length / d_sae,
  })
  const densities = Array.from(inference, (count) => Number((count / tokens).toPrecision(4)))
  return {
    tokens,
    rules: { inference: countsOf(inference), training: differ ? countsOf(training) : null },
    densities,
    zipf: fitZipf(densities),
    topShare: topShare(inference),
    sample,
    l0NormCorrelation: correlation(sample.l0, sample.norm),
    gradient,
  }
}

/** What a person should know of a report, a line each. */
export function reportWarnings({ rules, topShare: share, l0NormCorrelation: r }: RunReport): string[] {
  const { inference, training } = rules
  const percent = (value: number) => `${(100 * value).toFixed(1)}%`
  const lines: string[] = []
  if (share !== null && share > COLLAPSED_SHARE)
    lines.push(`the 1% of latents that fire most have ${percent(share)} of all activity: the dictionary has collapsed`)
  if (training && Math.abs(inference.l0 / training.l0 - 1) > FAR_APART)
    lines.push(`L0 is ${inference.l0.toFixed(2)} at inference, but ${training.l0.toFixed(2)} by the rule of training`)
  if (r !== null && Math.abs(r) > STRONG_CORRELATION)
    lines.push(
      `L0 of tokens follows their norm (r = ${r.toFixed(2)}): tokens of ${r > 0 ? 'small' : 'large'} norm get few latents`,
    )
  return lines
}

function countInto(fired: Float64Array, { indices }: Codes): void {
  for (const latent of indices) fired[latent]!++
}

function topShare(fired: Float64Array): number | null {
  const total = sumOf(fired)
  const top = fired
    .slice()
    .sort()
    .reverse()
    .subarray(0, Math.max(1, Math.round(TOP_LATENTS * fired.length)))
  return total === 0 ? null : sumOf(top) / total
}

function takeSample({ l0, norm }: RunReport['sample'], x: Float32Array, codes: Codes, d_in: number): void {
  for (let row = 0; row < codes.n && l0.length < SAMPLE; row++) {
    l0.push(activeIn(codes, row))
    norm.push(Number(vectorNorm(x.subarray(row * d_in, (row + 1) * d_in)).toPrecision(5)))
  }
}

/** @param codes of the batch, selected with its gradient */
async function reportOnGradient(
  engine: TrainEngine,
  { x, gradient }: { x: Float32Array; gradient: Float32Array },
  codes: Codes,
): Promise<GradientReport> {
  // With a gradient of zero the activations rank alone.
  const plain = await engine.encode(x, { by: 'training', gradient: new Float32Array(gradient.length) })
  const W_dec = (await engine.params())['W_dec']!
  const width = W_dec.shape[1]!
  const pairs: GradientReport['pairs'] = { activation: [], effect: [], swapped: [] }
  const every = Math.ceil(codes.indices.length / SAMPLE)
  let swaps = 0
  for (let row = 0; row < codes.n; row++) {
    const known = new Set(plain.indices.subarray(plain.offsets[row], plain.offsets[row + 1]))
    for (let entry = codes.offsets[row]!; entry < codes.offsets[row + 1]!; entry++) {
      const latent = codes.indices[entry]!
      const swapped = !known.has(latent)
      if (swapped) swaps++
      if (entry % every !== 0) continue
      let product = 0
      for (let j = 0; j < width; j++) product += gradient[row * width + j]! * W_dec.data[latent * width + j]!
      pairs.activation.push(Number(codes.values[entry]!.toPrecision(5)))
      pairs.effect.push(Number(Math.abs(product).toPrecision(5)))
      pairs.swapped.push(swapped)
    }
  }
  return { tokens: codes.n, swapRate: codes.indices.length === 0 ? 0 : swaps / codes.indices.length, pairs }
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}
