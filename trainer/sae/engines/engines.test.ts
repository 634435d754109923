import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { loadBackend } from '../../tensors/backend'
import { tiedParameters } from '../architectures/initialise'
import { Oracle } from '../step/oracle.testing'
import type { EngineSpec, StepOptions, TrainEngine } from '../step/spec'
import {
  ENGINES,
  firstGradients,
  gappedRows,
  initialised,
  randomRows,
  relativeError,
  roughParameters,
  SILENT,
  smallSpec,
} from './engines.testing'

const QUIET: StepOptions = { learningRate: 1e-3, readMetrics: false }
const READ: StepOptions = { learningRate: 1e-3, readMetrics: true }
const N = 32

beforeAll(async () => {
  await loadBackend('tensorflow')
})

describe.each(ENGINES)('the %s engine', (_, create) => {
  let engine: TrainEngine
  const start = async (spec: EngineSpec, parameters = roughParameters(spec)) => {
    engine = await initialised(create(), spec, parameters)
    return engine
  }
  afterEach(() => engine.dispose())

  it('starts tied, bit for bit, and keeps decoder rows at norm 1', async () => {
    const spec = smallSpec()
    await start(spec, tiedParameters({ ...spec, seed: 5 }, { centre: new Float32Array(12) }))
    const { W_enc, W_dec } = await engine.params()
    for (let f = 0; f < 40; f++) {
      for (let i = 0; i < 12; i++) expect(W_enc!.data[i * 40 + f]).toBe(W_dec!.data[f * 12 + i])
    }
    for (let step = 0; step < 5; step++) {
      await engine.step({ x: randomRows(N, 12, step) }, { learningRate: 0.05, readMetrics: false })
      const { data } = (await engine.params())['W_dec']!
      for (let f = 0; f < 40; f++) {
        const norm = Math.sqrt(data.subarray(f * 12, (f + 1) * 12).reduce((sum, value) => sum + value ** 2, 0))
        expect(Math.abs(norm - 1)).toBeLessThan(1e-6)
      }
    }
  })

  it('activates min(k, positive pre-activations) latents, the largest', async () => {
    const spec = smallSpec({ select: { rule: 'topk', k: 25 } })
    await start(spec)
    const x = randomRows(N, 12, 'counts')
    const { pre, z } = new Oracle(spec, roughParameters(spec)).forward({ x })
    const codes = await engine.encode(x)
    for (let t = 0; t < N; t++) {
      const positive = pre.subarray(t * 40, (t + 1) * 40).filter((value) => value > 0).length
      expect(codes.offsets[t + 1]! - codes.offsets[t]!).toBe(Math.min(25, positive))
      for (let entry = codes.offsets[t]!; entry < codes.offsets[t + 1]!; entry++) {
        expect(codes.values[entry]).toBeCloseTo(z[t * 40 + codes.indices[entry]!]!, 5)
      }
    }
  })

  it('selects the lowest index among equals', async () => {
    const spec = smallSpec({ select: { rule: 'topk', k: 2 } })
    const parameters = roughParameters(spec)
    parameters['W_enc']!.data.fill(0)
    parameters['b_enc']!.data.fill(0).set([1, 2, 1, 2, 2], 6)
    await start(spec, parameters)
    const codes = await engine.encode(randomRows(3, 12, 'ties'))
    expect([...codes.indices]).toEqual([7, 9, 7, 9, 7, 9])
  })

  it.each([
    ['with dead latents', smallSpec({ deadAfterTokens: N })],
    ['without dead latents', smallSpec()],
    [
      'when all dead latents are kept',
      smallSpec({
        deadAfterTokens: N,
        losses: [
          { part: 'mse', scale: 2 },
          { part: 'aux-k', k: 99, coefficient: 0.5 },
        ],
      }),
    ],
  ])('takes the gradients of the oracle %s', async (_case, spec) => {
    await start(spec)
    const x = randomRows(N, 12, 'gradients')
    const metrics = await engine.step({ x }, READ)
    const oracle = new Oracle(spec, roughParameters(spec))
    const fixed = oracle.gradients({ x })
    const { gradients, dead } = fixed
    expect(dead).toEqual(spec.deadAfterTokens === N ? expect.arrayContaining(SILENT) : [])
    const norm = Math.sqrt(Object.values(gradients).reduce((sum, g) => sum + g.reduce((s, v) => s + v * v, 0), 0))
    expect(metrics!.gradientNorm).toBeCloseTo(norm, 5)
    expect(metrics!.loss).toBeCloseTo(oracle.loss(oracle.parameters, { x }, fixed), 5)
    expect(metrics!.deadLatents).toBe(dead.length)
    oracle.project(gradients.W_dec)
    const found = firstGradients(await engine.state(), spec)
    for (const [name, gradient] of Object.entries(gradients)) {
      expect(relativeError(found[name]!, gradient), name).toBeLessThan(1e-5)
    }
  })

  it('takes the gradients of the oracle for a target of another width, with untouched inputs', async () => {
    const spec = smallSpec({ d_out: 9, targetScale: 1.7, subtractDecoderBias: false, deadAfterTokens: N })
    await start(spec)
    const batch = { x: randomRows(N, 12, 'in'), target: randomRows(N, 9, 'out') }
    await engine.step(batch, QUIET)
    const oracle = new Oracle(spec, roughParameters(spec))
    const { gradients } = oracle.gradients(batch)
    oracle.project(gradients.W_dec)
    const found = firstGradients(await engine.state(), spec)
    for (const [name, gradient] of Object.entries(gradients)) {
      expect(relativeError(found[name]!, gradient), name).toBeLessThan(1e-5)
    }
    const codes = await engine.encode(batch.x)
    expect((await engine.decode(codes)).length).toBe(N * 9)
  })

  it('follows the oracle through 20 clipped steps', async () => {
    const spec = smallSpec({ deadAfterTokens: 3 * N })
    spec.optimiser.gradientClip = 0.05
    await start(spec)
    const oracle = new Oracle(spec, roughParameters(spec))
    for (let step = 0; step < 20; step++) {
      const x = gappedRows(oracle, spec, N, 1e-3, `step ${step}`)
      oracle.step({ x }, 1e-3)
      await engine.step({ x }, QUIET)
    }
    const { tensors } = await engine.state()
    for (const name of ['W_enc', 'b_enc', 'W_dec', 'b_dec'] as const) {
      expect(relativeError(tensors[name]!.data, oracle.parameters[name]), name).toBeLessThan(1e-5)
    }
    expect([...tensors['tokens_since_fired']!.data]).toEqual([...oracle.tokensSinceFired])
  })

  it('has no auxiliary loss while no latent is dead: bit for bit the step without it', async () => {
    const x = randomRows(N, 12, 'alive')
    const outcomes = []
    for (const losses of [smallSpec().losses, smallSpec().losses.slice(0, 1)]) {
      await start(smallSpec({ losses }))
      const metrics = await engine.step({ x }, READ)
      outcomes.push({ loss: metrics!.loss, tensors: (await engine.state()).tensors })
      expect(metrics!.parts['aux-k'] ?? 0).toBe(0)
      engine.dispose()
    }
    expect(outcomes[0]).toEqual(outcomes[1])
  })

  it('sends the auxiliary gradient to dead latents only, the encoder included', async () => {
    const x = randomRows(N, 12, 'dead')
    const gradients = []
    for (const losses of [smallSpec().losses, smallSpec().losses.slice(0, 1)]) {
      const spec = smallSpec({ losses, deadAfterTokens: N })
      await start(spec)
      await engine.step({ x }, QUIET)
      gradients.push(firstGradients(await engine.state(), spec))
      engine.dispose()
    }
    const { dead } = new Oracle(smallSpec({ deadAfterTokens: N }), roughParameters(smallSpec())).gradients({ x })
    expect(dead).toEqual(expect.arrayContaining(SILENT))
    const [both, alone] = gradients as [Record<string, Float64Array>, Record<string, Float64Array>]
    for (let f = 0; f < 40; f++) {
      const isDead = dead.includes(f)
      const encoder = Array.from({ length: 12 }, (_, i) => both['W_enc']![i * 40 + f]! - alone['W_enc']![i * 40 + f]!)
      const decoder = Array.from({ length: 12 }, (_, j) => both['W_dec']![f * 12 + j]! - alone['W_dec']![f * 12 + j]!)
      const moved = (values: number[]) => values.some((value) => value !== 0)
      expect([moved(encoder), moved(decoder), both['b_enc']![f] !== alone['b_enc']![f]]).toEqual([
        isDead,
        isDead,
        isDead,
      ])
    }
  })

  it('reports what the batch shows', async () => {
    const spec = smallSpec()
    await start(spec)
    const x = randomRows(N, 12, 'metrics')
    expect(await engine.step({ x }, QUIET)).toBeNull()
    await start(spec)
    const metrics = await engine.step({ x }, READ)
    const { z, residual } = new Oracle(spec, roughParameters(spec)).forward({ x })
    const means = Array.from(
      { length: 12 },
      (_, i) => x.filter((_value, at) => at % 12 === i).reduce((a, b) => a + b) / N,
    )
    const variance = x.reduce((sum, value, at) => sum + (0.8 * (value - means[at % 12]!)) ** 2, 0)
    expect(metrics!.l0).toBe(z.filter((value) => value > 0).length / N)
    expect(metrics!.explainedVariance).toBeCloseTo(1 - residual.reduce((sum, r) => sum + r * r, 0) / variance, 5)
  })

  it('encodes and decodes raw activations', async () => {
    const spec = smallSpec()
    await start(spec)
    const x = randomRows(N, 12, 'decode')
    const { residual } = new Oracle(spec, roughParameters(spec)).forward({ x })
    const decoded = await engine.decode(await engine.encode(x))
    const expected = x.map((value, at) => value - residual[at]! / 0.8)
    expect(relativeError(decoded, expected)).toBeLessThan(1e-5)
  })

  it('continues bit for bit from a state, on a new engine', async () => {
    const spec = smallSpec({ deadAfterTokens: 2 * N })
    await start(spec)
    for (let step = 0; step < 3; step++) await engine.step({ x: randomRows(N, 12, step) }, QUIET)
    const state = await engine.state()
    const other = await initialised(create(), spec)
    await other.load(state)
    for (const each of [engine, other]) {
      for (let step = 3; step < 6; step++) await each.step({ x: randomRows(N, 12, step) }, QUIET)
    }
    expect(await other.state()).toEqual(await engine.state())
    other.dispose()
  })

  it('keeps no tensor beyond a step', async () => {
    const live = () => [nativeTensors(), tf.memory().numTensors]
    const before = live()
    await start(smallSpec({ deadAfterTokens: 2 * N }))
    const counts = []
    for (let step = 0; step < 6; step++) {
      const x = randomRows(N, 12, step)
      await engine.step({ x }, READ)
      await engine.decode(await engine.encode(x))
      await engine.load(await engine.state())
      counts.push(live())
    }
    expect(new Set(counts.map(String)).size).toBe(1)
    engine.dispose()
    expect(live()).toEqual(before)
  })

  it('refuses what it cannot compute, and stays as it was', async () => {
    await start(smallSpec())
    await engine.step({ x: randomRows(N, 12, 0) }, QUIET)
    const { tensors } = await engine.state()
    const poisoned = randomRows(N, 12, 1)
    poisoned[7] = NaN
    const cases: [Parameters<TrainEngine['step']>[0], RegExp][] = [
      [{ x: new Float32Array(13) }, /13 values: not a whole number of rows of 12/],
      [{ x: randomRows(N, 12, 1), gradient: randomRows(N, 12, 2) }, /uses no gradients/],
      [{ x: randomRows(N, 12, 1), target: randomRows(2, 12, 2) }, /32 inputs, but 2 targets/],
      [{ x: poisoned }, /not finite|diverged/],
      [{ x: randomRows(N, 12, 1).map((value) => value * 1e30) }, /diverged/],
    ]
    for (const [batch, message] of cases) await expect(engine.step(batch, QUIET)).rejects.toThrow(message)
    const after = (await engine.state()).tensors
    for (const name of ['W_enc', 'b_enc', 'W_dec', 'b_dec', 'adam.m.W_enc']) expect(after[name]).toEqual(tensors[name])
    const other = create()
    await expect(
      other.init(smallSpec({ select: { rule: 'topk', k: 41 } }), roughParameters(smallSpec())),
    ).rejects.toThrow('k is 41, but there are only 40 latents')
  })
})

function nativeTensors(): number {
  return (tf.backend() as unknown as { binding: { getNumOfTensors(): number } }).binding.getNumOfTensors()
}

describe('both engines', () => {
  it('select alike at full width', async () => {
    const spec = smallSpec({
      d_in: 576,
      d_out: 576,
      d_sae: 8192,
      inputScale: 1,
      targetScale: 1,
      select: { rule: 'topk', k: 32 },
    })
    const parameters = tiedParameters({ d_in: 576, d_sae: 8192, seed: 0 }, { centre: randomRows(1, 576, 'centre') })
    const x = randomRows(512, 576, 'wide')
    const selections: Set<number>[] = []
    for (const [, create] of ENGINES) {
      const engine = await initialised(create(), spec, parameters)
      const { indices, offsets, n } = await engine.encode(x)
      const selection = new Set<number>()
      for (let t = 0; t < n; t++)
        for (let i = offsets[t]!; i < offsets[t + 1]!; i++) selection.add(t * 8192 + indices[i]!)
      selections.push(selection)
      engine.dispose()
    }
    const [reference, tensorflow] = selections as [Set<number>, Set<number>]
    expect(reference.size).toBe(512 * 32)
    expect([...tensorflow].filter((place) => reference.has(place)).length / reference.size).toBeGreaterThan(0.999)
  })
})
