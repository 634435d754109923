/** The steps of all other rules than TopK, on both engines. */
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { loadBackend } from '../../tensors/backend'
import { Oracle } from '../step/oracle.testing'
import type { EngineSpec, StepOptions, TrainEngine } from '../step/spec'
import { DENSE_SHARE } from '../kernels/selected'
import {
  batchOf,
  ENGINES,
  firstGradients,
  initialised,
  randomRows,
  relativeError,
  roughParameters,
  smallSpec,
  varyingSpecs,
} from './engines.testing'

const N = 32
const READ: StepOptions = { learningRate: 1e-3, readMetrics: true }
const QUIET: StepOptions = { learningRate: 1e-3, readMetrics: false }

beforeAll(async () => {
  await loadBackend('tensorflow')
})

describe.each(ENGINES)('the %s engine', (_, create) => {
  let engine: TrainEngine
  afterEach(() => engine.dispose())

  it.each(varyingSpecs(N))('takes the gradients of the oracle: %s', async (_case, spec) => {
    engine = await initialised(create(), spec)
    const batch = batchOf(spec, N, 'gradients')
    const metrics = await engine.step(batch, READ)
    const oracle = new Oracle(spec, roughParameters(spec))
    const { gradients, forward, ...fixed } = oracle.gradients(batch)
    const on = forward.z.filter((value) => value > 0)
    expect(metrics!.loss).toBeCloseTo(oracle.loss(oracle.parameters, batch, fixed), 5)
    expect(metrics!.l0).toBe(on.length / N)
    if (spec.optimiser.unitNormDecoder) oracle.project(gradients.W_dec)
    const { tensors, ...rest } = await engine.state()
    const found = firstGradients({ tensors, ...rest }, spec)
    for (const [name, gradient] of Object.entries(gradients)) {
      expect(relativeError(found[name]!, gradient), name).toBeLessThan(1e-5)
    }
    expect(relativeError(tensors['density']!.data, oracle.density)).toBeLessThan(1e-6)
    if (spec.select.rule !== 'batchtopk' && spec.select.rule !== 'gradient') return
    expect(metrics!.selection['threshold']).toBeCloseTo(Math.min(...on), 5)
  })

  it.each(varyingSpecs(N).filter(([name]) => /relu|gated/.test(name)))(
    'takes them also where few are on: %s',
    async (_case, spec) => {
      const parameters = roughParameters(spec)
      for (let f = 0; f < 40; f++) parameters['b_enc']!.data[f]! -= 1.9
      engine = await initialised(create(), spec, parameters)
      const batch = batchOf(spec, N, 'few')
      const metrics = await engine.step(batch, READ)
      expect(metrics!.l0).toBeLessThan(DENSE_SHARE * 40)
      const oracle = new Oracle(spec, parameters)
      const { gradients } = oracle.gradients(batch)
      oracle.project(gradients.W_dec)
      const found = firstGradients(await engine.state(), spec)
      for (const [name, gradient] of Object.entries(gradients)) {
        expect(relativeError(found[name]!, gradient), name).toBeLessThan(1e-5)
      }
    },
  )

  it.each(varyingSpecs(2 * N))('continues bit for bit from a state, and keeps no tensor: %s', async (_case, spec) => {
    engine = await initialised(create(), spec)
    for (let step = 0; step < 3; step++) await engine.step(batchOf(spec, N, step), READ)
    const state = await engine.state()
    const before = [nativeTensors(), tf.memory().numTensors]
    const other = await initialised(create(), spec)
    await other.load(state)
    for (const each of [engine, other]) {
      for (let step = 3; step < 6; step++) {
        await each.step(batchOf(spec, N, step), QUIET)
        await each.encode(randomRows(N, 12, 'x'))
      }
    }
    expect(await other.state()).toEqual(await engine.state())
    other.dispose()
    expect([nativeTensors(), tf.memory().numTensors]).toEqual(before)
    const last = Object.keys(state.tensors).at(-1)!
    const incomplete = Object.entries(state.tensors).filter(([name]) => name !== last)
    await expect(engine.load({ ...state, tensors: Object.fromEntries(incomplete) })).rejects.toThrow(
      `${last} is missing`,
    )
  })

  it.each(varyingSpecs(N))(
    'encodes by the training rule as a step selects, and changes nothing: %s',
    async (_case, spec) => {
      engine = await initialised(create(), spec)
      for (const seed of ['first', 'before']) await engine.step(batchOf(spec, N, seed), QUIET)
      const { x, ...companions } = batchOf(spec, N, 'by training')
      const state = await engine.state()
      const codes = await engine.encode(x, { by: 'training', ...companions })
      expect(await engine.state()).toEqual(state)
      const metrics = await engine.step({ x, ...companions }, READ)
      expect(codes.indices.length / N).toBe(metrics!.l0)
      if (spec.select.rule !== 'gradient') return
      await expect(engine.encode(x, { by: 'training' })).rejects.toThrow(/the harvest has no gradients/)
      await expect(engine.encode(x, companions)).rejects.toThrow(/at inference uses no gradients/)
    },
  )

  it('encodes tokens alone as in a batch', async () => {
    const specs = varyingSpecs(N)
    const [, byGradient] = specs.find(([name]) => name === 'gradient')!
    const byThreshold = { ...byGradient, select: { ...byGradient.select, inference: 'threshold' } } as EngineSpec
    for (const [name, spec] of [...specs, ['gradient, by a threshold', byThreshold] as const]) {
      engine = await initialised(create(), spec)
      for (let step = 0; step < 3; step++) await engine.step(batchOf(spec, N, step), QUIET)
      const x = randomRows(6, 12, 'tokens')
      const together = await engine.encode(x)
      for (let t = 0; t < 6; t++) {
        const alone = await engine.encode(x.slice(t * 12, (t + 1) * 12))
        const [from, to] = [together.offsets[t], together.offsets[t + 1]]
        expect([...alone.indices], name).toEqual([...together.indices.subarray(from, to)])
        for (const [i, value] of together.values.subarray(from, to).entries()) {
          expect(alone.values[i]).toBeCloseTo(value, 5)
        }
      }
      engine.dispose()
    }
  })

  it('trains with tau 0 as with aux-k, and with beta 0 or no gradient as TopK: bit for bit', async () => {
    const auxZipf = {
      part: 'aux-zipf',
      k: 3,
      coefficient: 1 / 32,
      tau: 0,
      meanActive: 4,
      exponent: 1,
      offset: 0,
    } as const
    const [mse, auxK] = smallSpec().losses as [EngineSpec['losses'][number], EngineSpec['losses'][number]]
    const gradient = {
      rule: 'gradient',
      k: 4,
      normalisation: 'rms',
      inference: 'no-gradient',
      averageFrom: 0,
      averageDecay: 0.9,
    } as const
    const outcomes: unknown[] = []
    for (const overrides of [
      { losses: [mse, auxK] },
      { losses: [mse, auxZipf] },
      { select: { ...gradient, beta: 0 } },
      { select: { ...gradient, beta: 5 } },
    ]) {
      const spec = smallSpec({ ...overrides, deadAfterTokens: N })
      engine = await initialised(create(), spec)
      for (let step = 0; step < 4; step++) {
        const rows = outcomes.length === 2 ? randomRows(N, 12, `g${step}`) : new Float32Array(N * 12)
        const companions = spec.select.rule === 'gradient' ? { gradient: rows } : {}
        await engine.step({ x: randomRows(N, 12, step), ...companions }, QUIET)
      }
      const { tensors } = await engine.state()
      engine.dispose()
      outcomes.push(Object.entries(tensors).filter(([name]) => !name.startsWith('select.')))
    }
    const [plain, revived, unweighted, flat] = outcomes
    for (const other of [revived, unweighted, flat]) expect(other).toEqual(plain)
  })

  it('sends no gradient of the squared error to what was not selected', async () => {
    const [, spec] = varyingSpecs(N)[0]!
    const alone = { ...spec, losses: spec.losses.slice(0, 1) }
    engine = await initialised(create(), alone)
    const batch = batchOf(spec, N, 'unselected')
    await engine.step(batch, QUIET)
    const { z } = new Oracle(alone, roughParameters(alone)).forward(batch)
    const { b_enc } = firstGradients(await engine.state(), alone)
    for (let f = 0; f < 40; f++) {
      expect(b_enc![f] !== 0).toBe(z.some((value, at) => at % 40 === f && value > 0))
    }
  })

  it('refuses batches without the gradient it ranks by', async () => {
    const [, spec] = varyingSpecs(N)[3]!
    engine = await initialised(create(), spec)
    await expect(engine.step({ x: randomRows(N, 12, 0) }, QUIET)).rejects.toThrow(/the harvest has no gradients/)
    const short = { x: randomRows(N, 12, 0), gradient: randomRows(2, 12, 0) }
    await expect(engine.step(short, QUIET)).rejects.toThrow(/32 inputs, but 2 gradients/)
  })
})

function nativeTensors(): number {
  return (tf.backend() as unknown as { binding: { getNumOfTensors(): number } }).binding.getNumOfTensors()
}
