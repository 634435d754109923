import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { quantile } from '../../../tensors/bootstrap'
import { loadBackend } from '../../../tensors/backend'
import { NEVER } from '../../step/selections/columnThresholds'
import type { TrainEngine } from '../../step/spec'
import { medianThreshold } from './medianThreshold'
import { batchOf, ENGINES, initialised, varyingSpecs } from '../engines.testing'

const N = 32
const specNamed = (name: string) => varyingSpecs(N).find(([known]) => known === name)![1]
const middle = (values: Float32Array) => quantile(values.slice().sort(), 0.5)

beforeAll(async () => {
  await loadBackend('tensorflow')
})

describe.each(ENGINES)('thresholds of the %s engine', (_, create) => {
  let engine: TrainEngine
  afterEach(() => engine.dispose())

  const step = async (name: string) => {
    const spec = specNamed(name)
    engine = await initialised(create(), spec)
    const { tensors: before } = await engine.state()
    const metrics = await engine.step(batchOf(spec, N, 'thresholds'), { learningRate: 1e-3, readMetrics: true })
    return { before, metrics, after: (await engine.state()).tensors }
  }

  it('that are trained are reported by their median, before the update', async () => {
    const { before, metrics } = await step('jumprelu')
    expect(metrics!.selection).toEqual({ medianThreshold: middle(before['threshold']!.data) })
  })

  it('that are carried are too, as the step leaves them', async () => {
    const { metrics, after } = await step('feature choice')
    expect(metrics!.selection).toEqual({ medianThreshold: middle(after['select.threshold']!.data) })
  })

  it('that all latents share are a single number', async () => {
    const { metrics } = await step('batchtopk')
    expect(Object.keys(metrics!.selection)).toEqual(['threshold'])
  })
})

it('latents that are never selected have no part in the median', () => {
  const of = (...data: number[]) =>
    medianThreshold({ threshold: { shape: [data.length], data } }, (tensor) => Float32Array.from(tensor.data))
  expect(of(NEVER, 3, 1, NEVER, 2)).toEqual({ medianThreshold: 2 })
  expect(of(NEVER, NEVER)).toEqual({})
  expect(medianThreshold({ threshold: { shape: [] } }, () => Float32Array.of(1))).toEqual({})
})
