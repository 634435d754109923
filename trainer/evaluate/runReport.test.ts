import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  ENGINES,
  initialised,
  randomRows,
  roughParameters,
  SILENT,
  smallSpec,
  varyingSpecs,
} from '../sae/engines/engines.testing'
import type { EngineSpec, StepInput, TrainEngine } from '../sae/step/spec'
import { fitZipf } from '../sae/step/zipf/fit'
import { loadBackend } from '../tensors/backend'
import { measureBothRules } from './bothRules'
import { reportOnRun, reportWarnings, type RunReport } from './runReport'

const N = 32
const BATCHES = 3

beforeAll(async () => {
  await loadBackend('tensorflow')
})

const specNamed = (name: string) => varyingSpecs(N).find(([known]) => known === name)![1]

function batchesOf(withGradient: boolean): StepInput[] {
  return Array.from({ length: BATCHES }, (_, at) => ({
    x: randomRows(N, 12, at),
    ...(withGradient && { gradient: randomRows(N, 12, `gradient ${at}`) }),
  }))
}

const sizes = (needsGradient: boolean) => ({ d_in: 12, d_out: 12, d_sae: 40, needsGradient })

describe.each(ENGINES)('held-out figures on the %s engine', (_, create) => {
  let engine: TrainEngine
  afterEach(() => engine.dispose())

  async function report(spec: EngineSpec): Promise<RunReport> {
    engine = await initialised(create(), spec, roughParameters(spec))
    const needsGradient = spec.select.rule === 'gradient'
    const batches = batchesOf(needsGradient)
    for (const batch of batches) await engine.step(batch, { learningRate: 1e-4, readMetrics: false })
    async function* stream() {
      for (const batch of batches) yield await Promise.resolve(batch)
    }
    return reportOnRun({ ...sizes(needsGradient), engine, batches: stream(), signal: new AbortController().signal })
  }

  it('of a rule that depends on the batch are reported together with those of inference', async () => {
    const found = await report(specNamed('batchtopk'))
    expect(found.tokens).toBe(N * BATCHES)
    expect(found.rules.training!.l0).toBeCloseTo(4, 5)
    expect(found.rules.inference.l0).not.toBe(found.rules.training!.l0)
    expect(found.densities.reduce((sum, density) => sum + density)).toBeCloseTo(found.rules.inference.l0, 2)
    expect(found.rules.inference.deadShare).toBe(found.densities.filter((density) => density === 0).length / 40)
    expect(found.zipf).toEqual(fitZipf(found.densities))
    expect(found.zipf!.exponent).toBeGreaterThan(0)
    expect(found.rules.inference.deadShare).toBeGreaterThanOrEqual(SILENT.length / 40)
    expect(found.sample.l0.reduce((sum, l0) => sum + l0) / found.tokens).toBeCloseTo(found.rules.inference.l0, 5)
    expect(Math.abs(found.l0NormCorrelation!)).toBeLessThanOrEqual(1)

    const { byTraining, ...inference } = await measureBothRules(engine, sizes(false), batchesOf(false))
    expect(byTraining).toMatchObject(found.rules.training!)
    expect(inference).toMatchObject(found.rules.inference)
    expect(byTraining!.nmse! + byTraining!.explainedVariance!).toBeCloseTo(1, 10)
  })

  it('of Feature Choice carry credit on: where a batch has fewer places than latents, none is dead', async () => {
    const law = { exponent: 1, offset: 0, chooseFrom: 0, rankEvery: null }
    const select = { rule: 'feature-choice', k: 1, ...law, averageFrom: 0, averageDecay: 0.9 } as const
    engine = await initialised(create(), smallSpec({ select }))
    const batches = Array.from({ length: 20 }, (_value, at) => ({ x: randomRows(16, 12, at) }))
    async function* stream() {
      for (const batch of batches) yield await Promise.resolve(batch)
    }
    const { signal } = new AbortController()
    const before = await engine.state()
    const { rules } = await reportOnRun({ ...sizes(false), engine, batches: stream(), signal })
    expect(rules.training!.deadShare).toBe(0)
    expect(rules.training!.l0).toBeCloseTo(1, 1)
    const { byTraining } = await measureBothRules(engine, sizes(false), batches)
    expect(byTraining).toMatchObject(rules.training!)
    expect(await engine.state()).toEqual(before)
  })

  it('of TopK are the same by both, and its L0 follows nothing', async () => {
    const found = await report(smallSpec())
    expect(found.rules.training).toBeNull()
    expect(found.l0NormCorrelation).toBeNull()
    expect(await measureBothRules(engine, sizes(false), batchesOf(false))).not.toHaveProperty('byTraining')
  })

  it('of gradients say what they changed', async () => {
    const { gradient } = await report(specNamed('gradient'))
    const { activation, effect, swapped } = gradient!.pairs
    expect(gradient!.tokens).toBe(N)
    expect([activation.length, effect.length]).toEqual([swapped.length, swapped.length])
    expect(gradient!.swapRate).toBeGreaterThan(0)
    // All entries of the one batch are in the sample: k of each token.
    expect(swapped).toHaveLength(N * 4)
    expect(swapped.filter(Boolean).length / swapped.length).toBeCloseTo(gradient!.swapRate, 10)
    const mean = (isIn: boolean) => {
      const own = effect.filter((_value, at) => swapped[at] === isIn)
      return own.reduce((sum, value) => sum + value, 0) / own.length
    }
    expect(mean(true)).toBeGreaterThan(mean(false))
    // Without gradients there is but one rule.
    expect(await measureBothRules(engine, sizes(true), batchesOf(false))).not.toHaveProperty('byTraining')
  })
})

describe('warnings', () => {
  const fine: RunReport = {
    tokens: 100,
    topShare: 0.1,
    l0NormCorrelation: 0.2,
    gradient: null,
    densities: [],
    sample: { l0: [], norm: [] },
    rules: { inference: { l0: 10.2, deadShare: 0 }, training: { l0: 10, deadShare: 0 } },
  }

  it('appear where a person should look, and nowhere else', () => {
    expect(reportWarnings(fine)).toEqual([])
    const rules = { ...fine.rules, training: { l0: 8, deadShare: 0 } }
    const found = reportWarnings({ ...fine, rules, topShare: 0.6, l0NormCorrelation: 0.7 })
    expect(found).toHaveLength(3)
    expect(found.join()).toMatch(/60\.0% of all activity.*10\.20 at inference, but 8\.00.*\(r = 0\.70\).*small norm/)
  })
})
