import { beforeAll, describe, expect, it } from 'vitest'
import { loadBackend } from '../../../tensors/backend'
import { createRandom } from '../../../tensors/random'
import { randomRows } from '../../engines/engines.testing'
import { caps, zipfWeights } from '../zipf/law'
import type { SelectionSpec } from '..'
import { columnsOn, countOf, SELECTORS, totalOf } from './selections.testing'

const AVERAGE = { averageFrom: 0, averageDecay: 0.9 }
const topk = (k: number): SelectionSpec => ({ rule: 'topk', k })
const mutual = (k: number): SelectionSpec => ({ rule: 'batchtopk', k, ...AVERAGE })
const choice = (k: number, exponent = 1): SelectionSpec => ({
  rule: 'feature-choice',
  k,
  exponent,
  offset: 0,
  chooseFrom: 0,
  rankEvery: null,
  ...AVERAGE,
})
const byGradient = (overrides: object = {}): SelectionSpec => ({
  rule: 'gradient',
  k: 2,
  beta: 1,
  normalisation: 'raw',
  inference: 'no-gradient',
  ...AVERAGE,
  ...overrides,
})

beforeAll(async () => {
  await loadBackend('tensorflow')
})

/** The golden example of section 2.4. */
const A = Float32Array.from([
  0.9, 0.1, 0.5, 0, 0.3, 0.2, 0.8, 0.4, 0.6, 0.7, 1.5, 1.4, 0.05, 1.1, 1.2, 0, 0.25, 0.35, 0.15, 0.45,
])

/** Entries in steps, so that many are equal; about half of them positive. */
function steps(n: number, d_sae: number, seed: string, levels = 40): Float32Array {
  const random = createRandom(seed)
  return Float32Array.from({ length: n * d_sae }, () => (random.int(levels) - levels / 2) / 8)
}

/** By the definition: the M largest positives, ties by flat index. */
function largest(pre: Float32Array, M: number): Float32Array {
  const order = Array.from(pre.keys()).sort((a, b) => pre[b]! - pre[a]! || a - b)
  const z = new Float32Array(pre.length)
  for (const at of order.slice(0, M)) z[at] = Math.max(0, pre[at]!)
  return z
}

function permuted(pre: Float32Array, d_sae: number, rows: readonly number[], columns: readonly number[]) {
  return Float32Array.from(rows.flatMap((row) => columns.map((column) => pre[row * d_sae + column]!)))
}

describe.each(SELECTORS)('selection on the %s engine', (_, select) => {
  it('has the golden masks of token and mutual choice', () => {
    const token = select({ spec: topk(2), pre: A, d_sae: 5 })
    expect(columnsOn(token.z, 5)).toEqual([
      [0, 2],
      [1, 4],
      [0, 1],
      [2, 4],
    ])
    expect(totalOf(token.z)).toBeCloseTo(6.6, 5)
    const whole = select({ spec: mutual(2), pre: A, d_sae: 5 })
    expect(columnsOn(whole.z, 5)).toEqual([[0], [1, 3, 4], [0, 1, 3, 4], []])
    expect(totalOf(whole.z)).toBeCloseTo(8.2, 5)
    expect(whole.state['threshold']!.data[0]).toBeCloseTo(0.6, 6)
  })

  it('selects min(M, positives) over the batch, all at least as large as the rest, ties to the lowest index', () => {
    for (const [n, d_sae, k] of [
      [16, 40, 3],
      [16, 40, 39],
      [3, 7, 1],
    ] as const) {
      for (const levels of [4, 40, 1e6]) {
        const pre = steps(n, d_sae, `mutual ${n} ${k} ${levels}`, levels)
        const { z } = select({ spec: mutual(k), pre, d_sae })
        expect(countOf(z)).toBe(Math.min(k * n, countOf(pre)))
        expect(z).toEqual(largest(pre, k * n))
      }
    }
  })

  it('is exact over the batch where the bound comes from a sample', () => {
    // 1M entries: rows of the sample are smaller than the others in one case, so that it misjudges them.
    const [n, d_sae, k] = [512, 2048, 4]
    const smooth = randomRows(n, d_sae, 'wide')
    const uneven = smooth.map((value, at) => (Math.floor(at / d_sae) % 4 === 0 ? value * 20 : value))
    const rare = smooth.map((value) => (value > 3.2 ? value : -1))
    for (const pre of [smooth, uneven, rare]) {
      const { z } = select({ spec: mutual(k), pre, d_sae })
      const sorted = pre.filter((value) => value > 0).sort()
      const bound = sorted.at(-k * n) ?? 0
      expect(countOf(z)).toBe(Math.min(k * n, sorted.length))
      expect(z.every((value, at) => value === (pre[at]! >= bound && pre[at]! > 0 ? pre[at] : 0))).toBe(true)
    }
  })

  it('of one token is TopK; with all allowed, plain ReLU', () => {
    const pre = steps(1, 64, 'one')
    expect(select({ spec: mutual(5), pre, d_sae: 64 }).z).toEqual(select({ spec: topk(5), pre, d_sae: 64 }).z)
    const batch = steps(6, 8, 'all')
    const rectified = batch.map((value) => Math.max(0, value))
    for (const spec of [topk(8), mutual(8), choice(8)])
      expect(select({ spec, pre: batch, d_sae: 8 }).z).toEqual(rectified)
  })

  it('limits every latent to its cap, and takes the largest of its column', () => {
    const [n, d_sae, k] = [24, 16, 3]
    const pre = steps(n, d_sae, 'caps', 9)
    const { z, state } = select({ spec: choice(k), pre, d_sae, density: new Float32Array(d_sae).fill(0.1) })
    expect([...state['rank']!.data]).toEqual(Array.from({ length: d_sae }, (_value, latent) => latent))
    const byRank = caps(k * n, n, zipfWeights(d_sae, { exponent: 1, offset: 0 }))
    for (let f = 0; f < d_sae; f++) {
      const column = pre.filter((_value, at) => at % d_sae === f)
      const own = z.filter((_value, at) => at % d_sae === f)
      expect(own).toEqual(largest(column, byRank[f]!))
    }
    const uniform = select({ spec: choice(2, 0), pre, d_sae: 16 })
    const counts = Array.from({ length: 16 }, (_value, f) => countOf(uniform.z.filter((_z, at) => at % 16 === f)))
    expect(Math.max(...counts)).toBe(3)
  })

  it('has the golden mask of feature choice where its caps are those of the law', () => {
    // At 8 of 20 entries over five ranks the law's caps are 3, 2, 1, 1, 1.
    const { z } = select({ spec: choice(2), pre: A, d_sae: 5 })
    expect(columnsOn(z, 5)).toEqual([[0, 2], [0, 1], [0, 1, 3, 4], []])
    expect(totalOf(z)).toBeCloseTo(7.6, 5)
  })

  it('puts the threshold of a latent halfway between what it took and what it left', () => {
    const { state } = select({ spec: choice(2), pre: A, d_sae: 5 })
    const halves = [0.2 / 2, (0.8 + 0.25) / 2, (0.5 + 0.4) / 2, (1.1 + 0.6) / 2, (1.2 + 0.7) / 2]
    halves.forEach((half, f) => expect(state['threshold']!.data[f]).toBeCloseTo(half, 6))
    // All is taken: nothing positive is left.
    const all = select({ spec: choice(4, 0), pre: A.map((value) => value + 1), d_sae: 4 }).state['threshold']!.data
    expect(all[0]).toBeCloseTo(Math.min(...A.filter((_value, at) => at % 4 === 0)) / 2 + 0.5, 6)
  })

  it('lets thresholds pass about as many as the caps', () => {
    const [n, d_sae, k] = [256, 64, 3]
    let state: ReturnType<typeof select>['state'] | undefined
    let taken = 0
    const batches = Array.from({ length: 20 }, (_value, step) => randomRows(n, d_sae, `stream ${step}`))
    for (const [step, pre] of batches.entries()) {
      const selected = select({ spec: choice(k), pre, d_sae, step, ...(state && { state }) })
      state = selected.state
      taken += countOf(selected.z)
    }
    const passed = batches
      .flatMap((pre) => [...pre])
      .filter((value, at) => value > state!['threshold']!.data[at % d_sae]!)
    expect(Math.abs(passed.length / taken - 1)).toBeLessThan(0.02)
  })

  it('ranks by density at the switch and keeps the ranks', () => {
    const pre = steps(24, 6, 'ranks', 1e6).map(Math.abs)
    const spec = { ...choice(2), chooseFrom: 5 } as SelectionSpec
    const density = Float32Array.of(0.1, 0.5, 0.2, 0.9, 0, 0.2)
    const before = select({ spec, pre, d_sae: 6, step: 4, density })
    expect(before.z).toEqual(select({ spec: mutual(2), pre, d_sae: 6 }).z)
    const at = select({ spec, pre, d_sae: 6, step: 5, density, state: before.state })
    expect([...at.state['rank']!.data]).toEqual([4, 1, 2, 0, 5, 3])
    const after = select({ spec, pre, d_sae: 6, step: 6, density: new Float32Array(6), state: at.state })
    expect(after.z).toEqual(at.z)
    const byRank = caps(48, 24, zipfWeights(6, { exponent: 1, offset: 0 }))
    const counts = Array.from({ length: 6 }, (_value, f) => countOf(at.z.filter((_z, i) => i % 6 === f)))
    expect(counts).toEqual([4, 1, 2, 0, 5, 3].map((rank) => byRank[rank]))
    expect(countOf(at.z)).toBe(48)
  })

  it('collects shares below one as credit, so that the budget is met over batches', () => {
    const [n, d_sae, k] = [4, 64, 3]
    const pre = steps(n, d_sae, 'credit', 1e6).map(Math.abs)
    let state: ReturnType<typeof select>['state'] | undefined
    let taken = 0
    const counts = new Float32Array(d_sae)
    for (let step = 0; step < 60; step++) {
      const selected = select({ spec: choice(k), pre, d_sae, step, ...(state && { state }) })
      state = selected.state
      taken += countOf(selected.z)
      for (const [at, value] of selected.z.entries()) if (value > 0) counts[at % d_sae]! += 1
    }
    expect(taken / 60).toBeCloseTo(n * k, 0)
    expect(Math.min(...counts)).toBeGreaterThan(0)
    expect(counts[0]!).toBeGreaterThan(4 * counts[40]!)
  })

  it('follows permutations of tokens and of latents', () => {
    const [n, d_sae] = [12, 10]
    const random = createRandom('permutations')
    const pre = randomRows(n, d_sae, 'permuted')
    const rows = [...random.permutation(n)]
    const columns = [...random.permutation(d_sae)]
    const density = Float32Array.from({ length: d_sae }, (_value, f) => (f + 1) / 20)
    for (const spec of [topk(3), mutual(3), choice(3)]) {
      const { z } = select({ spec, pre, d_sae, density })
      const moved = Float32Array.from(columns, (f) => density[f]!)
      const other = select({ spec, pre: permuted(pre, d_sae, rows, columns), d_sae, density: moved })
      expect(other.z).toEqual(permuted(z, d_sae, rows, columns))
    }
  })

  it('selects most by mutual choice', () => {
    for (let seed = 0; seed < 5; seed++) {
      const pre = randomRows(20, 30, `objective ${seed}`)
      const [token, whole, feature] = [topk(4), mutual(4), choice(4)].map((spec) =>
        totalOf(select({ spec, pre, d_sae: 30 }).z),
      ) as [number, number, number]
      expect(whole).toBeGreaterThanOrEqual(Math.max(token, feature))
    }
  })

  it('accepts a batch in which nothing is positive', () => {
    const pre = new Float32Array(40).fill(-1)
    for (const spec of [mutual(2), choice(2)]) {
      const { z, state } = select({ spec, pre, d_sae: 10 })
      expect(countOf(z)).toBe(0)
      expect(state['threshold']!.data.every(Number.isFinite)).toBe(true)
    }
  })

  const gp = { shape: [1, 5], data: Float32Array.of(0, -0.1, 2, -8, 5) }
  it.each([
    [0, [0, 1]],
    [0.5, [0, 1]],
    [1, [0, 3]],
    [2, [2, 3]],
  ])('ranks by activation and gradient, and keeps values: beta %d', (beta, columns) => {
    const pre = Float32Array.of(3, 2.5, 1, 0.5, 0)
    const { z } = select({ spec: byGradient({ beta }), pre, d_sae: 5, gradient: gp })
    expect(columnsOn(z, 5)).toEqual([columns])
    for (const f of columns) expect(z[f]).toBe(pre[f])
  })

  it.each(['raw', 'rms', 'token-max'])('by gradient (%s) keeps the symmetries of the score', (normalisation) => {
    const [n, d_sae] = [16, 24]
    const pre = randomRows(n, d_sae, 'pre')
    const of = (data: Float32Array) => ({ shape: [n, d_sae], data })
    const data = randomRows(n, d_sae, 'gradient')
    const masked = (gradient: Float32Array, beta = 1) =>
      select({ spec: byGradient({ normalisation, beta, k: 4 }), pre, d_sae, gradient: of(gradient) }).z
    const z = masked(data)
    const plain = select({ spec: topk(4), pre, d_sae }).z
    expect(z).not.toEqual(plain)
    expect(masked(new Float32Array(n * d_sae))).toEqual(plain)
    expect(masked(data, 0)).toEqual(plain)
    expect(masked(data.map((value) => -value))).toEqual(z)
    expect(
      masked(
        data.map((value) => value * 8),
        normalisation === 'raw' ? 1 / 8 : 1,
      ),
    ).toEqual(z)
    for (const [row, columns] of columnsOn(z, d_sae).entries()) {
      expect(columns).toHaveLength(Math.min(4, countOf(pre.subarray(row * d_sae, (row + 1) * d_sae))))
      for (const f of columns) expect(z[row * d_sae + f]).toBe(pre[row * d_sae + f])
    }
  })
})

describe('both engines', () => {
  it('select alike, and carry the same', () => {
    const [n, d_sae] = [64, 96]
    const gradient = { shape: [n, d_sae], data: randomRows(n, d_sae, 'g') }
    const specs = [mutual(3), choice(3), byGradient({ normalisation: 'rms' })]
    for (const spec of specs) {
      const states = SELECTORS.map(([, select]) => {
        let state: ReturnType<typeof select>['state'] | undefined
        const seen: Float32Array[] = []
        for (let step = 0; step < 4; step++) {
          const batch = { spec, pre: randomRows(n, d_sae, step), d_sae, step, ...(state && { state }) }
          const selected = select({ ...batch, ...(spec.rule === 'gradient' && { gradient }) })
          state = selected.state
          seen.push(selected.z)
        }
        return { seen, state: state! }
      })
      expect(states[1]!.seen).toEqual(states[0]!.seen)
      for (const [name, { data }] of Object.entries(states[0]!.state)) {
        const other = states[1]!.state[name]!.data
        data.forEach((value, i) => expect(Math.abs(other[i]! - value)).toBeLessThanOrEqual(1e-6 * Math.abs(value)))
      }
    }
  })
})
