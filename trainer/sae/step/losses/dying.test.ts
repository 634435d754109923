import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { loadBackend } from '../../../tensors/backend'
import { ENGINES, initialised, randomRows, roughParameters, smallSpec, SILENT } from '../../engines/engines.testing'
import type { EngineSpec, TrainEngine } from '../spec'
import { underused, type AuxZipfLoss } from './auxZipf'

const N = 32
const zipf: AuxZipfLoss = {
  part: 'aux-zipf',
  k: 8,
  coefficient: 0.1,
  tau: 0.8,
  meanActive: 4,
  exponent: 0.5,
  offset: 0,
}

beforeAll(async () => {
  await loadBackend('tensorflow')
})

describe.each(ENGINES)('the dying latents in the metrics of the %s engine', (_, create) => {
  let engine: TrainEngine
  afterEach(() => engine.dispose())

  async function stepped(losses: EngineSpec['losses']) {
    const spec = smallSpec({ deadAfterTokens: N, losses })
    engine = await initialised(create(), spec, roughParameters(spec))
    return (await engine.step({ x: randomRows(N, 12, 'dying') }, { learningRate: 1e-3, readMetrics: true }))!
  }

  it('are those that the loss revives in addition to the dead', async () => {
    const { dyingLatents, deadLatents } = await stepped([{ part: 'mse', scale: 1 }, zipf])
    const { tensors } = await engine.state()
    const isDead = tensors['tokens_since_fired']!.data.map((tokens) => (tokens >= N ? 1 : 0))
    const revived = underused(tensors['density']!.data, isDead, zipf).reduce((sum, isIn) => sum + isIn, 0)
    expect(deadLatents).toBeGreaterThanOrEqual(SILENT.length)
    expect(dyingLatents).toBe(revived - deadLatents)
    expect(dyingLatents).toBeGreaterThan(0)
  })

  it('are absent where no loss measures them', async () => {
    expect(await stepped([{ part: 'mse', scale: 1 }])).not.toHaveProperty('dyingLatents')
    expect(
      await stepped([
        { part: 'mse', scale: 1 },
        { ...zipf, tau: 0 },
      ]),
    ).not.toHaveProperty('dyingLatents')
  })
})
