import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ReconstructionMeter } from '../../../evaluate/reconstruction'
import { silentStage } from '../../../progress'
import { loadBackend } from '../../../tensors/backend'
import { groupSizes } from '../../architectures/matryoshka'
import { fromDense, toDense, type Codes } from '../../codes/codes'
import { ENGINES } from '../../engines/engines.testing'
import { resolveTrainConfig } from '../../architectures'
import type { TrainEngine } from '../spec'
import { rowBatches, syntheticData } from '../../training/synthetic'
import { train } from '../../training/train'

beforeAll(async () => {
  await loadBackend('tensorflow')
})

const DATA = syntheticData({ d_in: 16, directions: 24, meanActive: 2, seed: 3 }, 4000)
const engines: TrainEngine[] = []
afterAll(() => engines.forEach((engine) => engine.dispose()))

async function trained(engine: TrainEngine, settings: object) {
  engines.push(engine)
  const config = resolveTrainConfig({ d_in: 16, d_sae: 48, k: 3, tokens: 2000, batchSize: 100, ...settings })
  const batches = (row: number) => rowBatches(DATA.x, 16, config.batchSize, row)
  return train({ config, engine, batches, stage: silentStage(), metricsEverySteps: 1 })
}

describe.each(ENGINES)('matryoshka on the %s engine', (_, create) => {
  it('with one group is BatchTopK, bit for bit', async () => {
    const plain = await trained(create(), { architecture: 'batchtopk', deadAfterTokens: 300 })
    const nested = await trained(create(), { architecture: 'matryoshka', groups: [1], deadAfterTokens: 300 })
    expect(nested.dictionary.tensors).toEqual(plain.dictionary.tensors)
    expect(nested.metrics.loss).toBe(plain.metrics.loss)
    expect(nested.metrics.deadLatents).toBeGreaterThan(0)
  })

  it('has prefixes that are dictionaries: each explains more than the one before, the whole less than BatchTopK', async () => {
    const engine = create()
    const settings = { tokens: 20_000, auxCoefficient: 0, decaySteps: 0 }
    const { metrics } = await trained(engine, { architecture: 'matryoshka', groups: [8, 16, 24], ...settings })
    const x = DATA.x.slice(0, 500 * 16)
    const codes = await engine.encode(x)
    const explained: number[] = []
    for (const end of [8, 24, 48]) {
      const own = prefix(codes, end)
      const meter = new ReconstructionMeter(16, 48)
      meter.add(x, await engine.decode(own), own)
      explained.push(meter.figures().explainedVariance!)
    }
    expect(explained[0]).toBeGreaterThan(0.2)
    expect(explained[1]).toBeGreaterThan(explained[0]!)
    expect(explained[2]).toBeGreaterThan(explained[1]!)
    // The loss is in units of the variance, a mean over prefixes of what each leaves unexplained.
    const mean = explained.reduce((sum, each) => sum + 1 - each, 0) / 3
    expect(Math.abs(metrics.loss / mean - 1)).toBeLessThan(0.15)
  })
})

function prefix(codes: Codes, end: number): Codes {
  const dense = toDense(codes).map((value, at) => (at % codes.d_sae < end ? value : 0))
  return fromDense(dense, codes.n, codes.d_sae)
}

describe('groups', () => {
  it.each([
    [[1 / 32, 1 / 16, 1 / 8, 1 / 4, 17 / 32], 4608, [144, 288, 576, 1152, 2448]],
    [[0.5, 0.5], 5, [3, 2]],
    [[10, 20, 18], 48, [10, 20, 18]],
    [[1], 48, [48]],
  ])('%j of %i latents', (groups, d_sae, sizes) => {
    expect(groupSizes(groups, d_sae)).toEqual(sizes)
  })

  it('are kept as sizes in the configuration, which resolves to itself', () => {
    const config = resolveTrainConfig({ architecture: 'matryoshka', d_in: 16, d_sae: 64, k: 3, tokens: 2000 })
    expect(config).toMatchObject({ groups: [2, 4, 8, 16, 34] })
    expect(resolveTrainConfig(config)).toEqual(config)
  })

  it('by default are fewer where the first would be empty', () => {
    const of = (d_sae: number) => resolveTrainConfig({ architecture: 'matryoshka', d_in: 4, d_sae, k: 1, tokens: 100 })
    expect(of(12)).toMatchObject({ groups: [1, 2, 3, 6] })
    expect(of(1)).toMatchObject({ groups: [1] })
  })

  it.each([[[10, 20]], [[0.5, 0.2]], [[24.5, 23.5]], [[0.001, 0.999]]])('%j are refused for 48 latents', (groups) => {
    const settings = { architecture: 'matryoshka', d_in: 16, d_sae: 48, k: 3, tokens: 2000, groups }
    expect(() => resolveTrainConfig(settings)).toThrow(/groups: they add up to .* d_sae \(48\)/)
  })
})
