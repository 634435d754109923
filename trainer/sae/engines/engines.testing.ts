/** Small cases that the tests of engines share. */
import { createRandom } from '../../tensors/random'
import type { NamedTensor } from '../../tensors/arrays'
import { furtherParameters, parameterShapes } from '../step/state'
import type { Oracle } from '../step/oracle.testing'
import { tiedParameters } from '../architectures/initialise'
import type { EngineSpec, EngineState, Parameters, StepInput, TrainEngine } from '../step/spec'
import { createReferenceEngine } from './reference/engine'
import { createTensorflowEngine } from './tensorflow/engine'

/** For `describe.each`; both compute on whichever backend is loaded. */
export const ENGINES: [string, () => TrainEngine][] = [
  ['reference', () => createReferenceEngine()],
  ['tensorflow', () => createTensorflowEngine()],
]

/** Without clipping and decay of moments in the way: after one step, adam.m.* / (1 − β1) is the gradient. */
export function smallSpec(overrides: Partial<EngineSpec> = {}): EngineSpec {
  return {
    d_in: 12,
    d_out: 12,
    d_sae: 40,
    inputScale: 0.8,
    targetScale: 0.8,
    subtractDecoderBias: true,
    select: { rule: 'topk', k: 4 },
    losses: [
      { part: 'mse', scale: 1.3 },
      { part: 'aux-k', k: 3, coefficient: 1 / 32 },
    ],
    deadAfterTokens: 10_000,
    optimiser: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, gradientClip: null, unitNormDecoder: true },
    ...overrides,
  }
}

const AVERAGE = { averageFrom: 0, averageDecay: 0.9 }
const ZIPF = { exponent: 1, offset: 0 }

/** One step of every selection rule except TopK, and of aux-zipf; latents are dead after `n` tokens. */
export function varyingSpecs(n: number): [string, EngineSpec][] {
  const of = (select: EngineSpec['select'], aux?: EngineSpec['losses'][number]) =>
    smallSpec({ select, deadAfterTokens: n, ...(aux && { losses: [{ part: 'mse', scale: 1.3 }, aux] }) })
  const auxZipf = { part: 'aux-zipf', k: 3, coefficient: 1 / 8, tau: 0.5, meanActive: 4, ...ZIPF } as const
  const choice = { rule: 'feature-choice', k: 4, chooseFrom: 0, rankEvery: null, ...ZIPF, ...AVERAGE } as const
  const gradient = { rule: 'gradient', k: 4, beta: 2, normalisation: 'rms', inference: 'no-gradient' } as const
  // The second group is silent: it has no entries.
  const nested = { part: 'matryoshka', scale: 1.3, groups: [3, 2, 10, 25] } as const
  return [
    ['batchtopk', of({ rule: 'batchtopk', k: 4, ...AVERAGE })],
    ['mutual choice', of({ rule: 'batchtopk', k: 4, ...AVERAGE }, auxZipf)],
    ['feature choice', of(choice, auxZipf)],
    ['gradient', of({ ...gradient, ...AVERAGE })],
    [
      'matryoshka',
      smallSpec({
        select: { rule: 'batchtopk', k: 4, ...AVERAGE },
        deadAfterTokens: n,
        losses: [nested, smallSpec().losses[1]!],
      }),
    ],
    ...trainedRules(n),
  ]
}

/** ReLU, JumpReLU and Gated with their losses, and transcoders. */
function trainedRules(n: number): [string, EngineSpec][] {
  const of = (select: EngineSpec['select'], losses: EngineSpec['losses']) =>
    smallSpec({ select, deadAfterTokens: n, losses: [{ part: 'mse', scale: 1.3 }, ...losses] })
  const l1 = { part: 'l1', coefficient: 0.02, warmupSteps: 0, target: null } as const
  const target = { l0: 5, gain: 0.1 }
  const jump = { rule: 'jumprelu', bandwidth: 0.4, firstThreshold: 0.5 } as const
  const l0 = { part: 'l0', coefficient: 0.1, bandwidth: 0.4, warmupSteps: 0 } as const
  const gated = { rule: 'gated' } as const
  const pairs = { d_out: 9, targetScale: 1.7, subtractDecoderBias: false, deadAfterTokens: n } as const
  return [
    ['relu', of({ rule: 'relu' }, [l1])],
    ['relu with a target', of({ rule: 'relu' }, [{ ...l1, target }])],
    ['jumprelu', of(jump, [{ ...l0, target: null }])],
    ['jumprelu with a target', of(jump, [{ ...l0, target: 5 }])],
    [
      'jumprelu with quick thresholds',
      { ...of(jump, [{ ...l0, target: 5 }]), optimiser: { ...smallSpec().optimiser, rates: { threshold: 4 } } },
    ],
    [
      'gated',
      of(gated, [
        { ...l1, target },
        { part: 'gated-aux', scale: 1.3 },
      ]),
    ],
    ['transcoder', smallSpec(pairs)],
    ['skip transcoder', smallSpec({ ...pairs, skip: true })],
    ['free rows', smallSpec({ optimiser: { ...smallSpec().optimiser, unitNormDecoder: false } })],
  ]
}

/** A batch with everything that a specification needs in addition to the inputs. */
export function batchOf(spec: EngineSpec, n: number, seed: number | string): StepInput {
  const companion = (name: string) => randomRows(n, spec.d_out, `${name} ${seed}`)
  return {
    x: randomRows(n, spec.d_in, seed),
    ...(spec.d_out !== spec.d_in && { target: companion('target') }),
    ...(spec.select.rule === 'gradient' && { gradient: companion('gradient') }),
  }
}

/** Latents that never fire, and are dead after the first batch if `deadAfterTokens` is its size. */
export const SILENT = [3, 4, 17, 18, 19, 30]

/** Untied, with biases, so that no term of a gradient vanishes; `SILENT` latents stay below all others. */
export function roughParameters(spec: EngineSpec, seed = 1): Parameters {
  const random = createRandom(`rough ${seed}`)
  const { d_in, d_out, d_sae } = spec
  const centre = Float32Array.from({ length: d_out }, () => 0.3 * random.normal())
  const { W_dec } = tiedParameters({ d_in: d_out, d_sae, seed }, { centre })
  const b_enc = Float32Array.from({ length: d_sae }, () => 0.1 * random.normal())
  const W_enc = Float32Array.from({ length: d_in * d_sae }, () => random.normal() / Math.sqrt(d_in))
  for (const latent of SILENT) {
    b_enc[latent] = 0
    for (let i = 0; i < d_in; i++) W_enc[i * d_sae + latent]! *= 0.02
  }
  const further = Object.entries(furtherParameters(spec)).map(([name, { shape, data }]): [string, NamedTensor] => [
    name,
    { shape, data: data.map((value) => value + 0.1 * random.normal()) },
  ])
  return {
    W_enc: { shape: [d_in, d_sae], data: W_enc },
    b_enc: { shape: [d_sae], data: b_enc },
    W_dec: W_dec!,
    b_dec: { shape: [d_out], data: centre },
    ...Object.fromEntries(further),
  }
}

export function randomRows(n: number, width: number, seed: number | string): Float32Array {
  const random = createRandom(`rows ${seed}`)
  return Float32Array.from({ length: n * width }, () => random.normal())
}

/** Rows whose k-th and (k + 1)-th pre-activation, by the oracle's parameters, differ by at least `gap`. */
export function gappedRows(oracle: Oracle, spec: EngineSpec, n: number, gap: number, seed: string): Float32Array {
  const { d_in, d_sae, select } = spec
  if (!('k' in select)) throw new Error('only rankings have a k-th latent')
  const candidates = randomRows(4 * n, d_in, seed)
  const { pre } = oracle.forward({ x: candidates, target: new Float32Array(4 * n * spec.d_out) })
  const kept: number[] = []
  for (let row = 0; row < 4 * n && kept.length < n * d_in; row++) {
    const sorted = pre.slice(row * d_sae, (row + 1) * d_sae).sort()
    if (sorted.at(-select.k)! - sorted.at(-select.k - 1)! < gap) continue
    kept.push(...candidates.subarray(row * d_in, (row + 1) * d_in))
  }
  if (kept.length < n * d_in) throw new Error('too few rows with a gap that wide')
  return Float32Array.from(kept)
}

/** The gradients of the only step an engine has taken, W_dec's as projected. */
export function firstGradients({ tensors }: EngineState, spec: EngineSpec): Record<string, Float64Array> {
  const names = Object.keys(parameterShapes(spec))
  const scale = 1 - Math.fround(spec.optimiser.beta1)
  return Object.fromEntries(
    names.map((name) => [name, Float64Array.from(tensors[`adam.m.${name}`]!.data, (value) => value / scale)]),
  )
}

/** ‖a − b‖ / ‖b‖ */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0
  let norm = 0
  for (let i = 0; i < b.length; i++) {
    difference += (a[i]! - b[i]!) ** 2
    norm += b[i]! ** 2
  }
  return Math.sqrt(difference / norm)
}

export async function initialised(engine: TrainEngine, spec: EngineSpec, parameters = roughParameters(spec)) {
  await engine.init(spec, parameters)
  return engine
}
