/** Gradient dictionaries on a language model with a simple formula: logits = x · W_U. */
import { beforeAll, describe, expect, it } from 'vitest'
import { correlation } from '../../evaluate/correlation'
import { silentStage } from '../../progress'
import { loadBackend } from '../../tensors/backend'
import { createRandom } from '../../tensors/random'
import { createEngine } from '../engines'
import { resolveTrainConfig } from '.'
import type { StepInput, TrainEngine } from '../step/spec'
import { train } from '../training/train'

const [D, VOCABULARY, TOKENS, BATCH] = [16, 8, 24_000, 200]
/** Directions 0 … 7 are loud and say nothing; each of the others, quiet, speaks for one word. */
const LOUD = 8
const SPEAKS = 8

beforeAll(async () => {
  await loadBackend('tensorflow')
})

/** Two loud and two quiet directions a row; the next word is drawn from what the model says. */
const { x, words } = toyRows()
const gradient = Float32Array.from(x, (_, at) => {
  const row = Math.floor(at / D)
  return lossGradient(x.subarray(row * D, (row + 1) * D), words[row]!)[at % D]!
})

function toyRows() {
  const random = createRandom('toy')
  const x = new Float32Array(TOKENS * D)
  const words = Array.from({ length: TOKENS }, (_, row) => {
    const vector = x.subarray(row * D, (row + 1) * D)
    for (const first of [0, LOUD]) {
      const [a, b] = random.permutation(8)
      for (const direction of [a!, b!])
        vector[first + direction] = (first ? 0.4 : 1) * Math.abs(1 + 0.2 * random.normal())
    }
    const drawn = random.next()
    let sum = 0
    return Math.max(
      0,
      probabilities(vector).findIndex((probability) => (sum += probability) > drawn),
    )
  })
  return { x, words }
}

function probabilities(row: Float32Array): number[] {
  const exponentials = Array.from({ length: VOCABULARY }, (_, word) => Math.exp(SPEAKS * row[LOUD + word]!))
  const total = exponentials.reduce((a, b) => a + b)
  return exponentials.map((value) => value / total)
}

/** (softmax − onehot) W_Uᵀ */
function lossGradient(row: Float32Array, word: number): Float32Array {
  const gradient = new Float32Array(D)
  probabilities(row).forEach(
    (probability, at) => (gradient[LOUD + at] = SPEAKS * (probability - (at === word ? 1 : 0))),
  )
  return gradient
}

function crossEntropy(rows: Float32Array): number {
  let loss = 0
  for (let row = 0; row < rows.length / D; row++)
    loss -= Math.log(probabilities(rows.subarray(row * D, (row + 1) * D))[words[row]!]!)
  return loss / (rows.length / D)
}

async function trained(settings: object): Promise<TrainEngine> {
  const engine = createEngine('tensorflow')
  const config = resolveTrainConfig({ d_in: D, d_sae: 32, k: 2, tokens: TOKENS, batchSize: BATCH, ...settings })
  const needsGradient = config.architecture === 'gradient'
  const batches = function* (startRow: number): Generator<StepInput & { row: number }> {
    for (let row = startRow; ; row += BATCH) yield { row, ...rowsFrom(row % TOKENS, BATCH, needsGradient) }
  }
  await train({ config, engine, batches, stage: silentStage() })
  return engine
}

function rowsFrom(row: number, count: number, withGradient: boolean): StepInput {
  const of = (values: Float32Array) => values.slice(row * D, (row + count) * D)
  return { x: of(x), ...(withGradient && { gradient: of(gradient) }) }
}

describe('a dictionary that ranks by gradients', () => {
  it('keeps the latents that the loss depends on, and does not reconstruct better', async () => {
    const [plain, ranked] = [
      await trained({ architecture: 'topk' }),
      await trained({ architecture: 'gradient', beta: 10 }),
    ]
    const batch = rowsFrom(0, 2000, true)
    const outputs = {
      plain: await plain.decode(await plain.encode(batch.x)),
      ranked: await ranked.decode(await ranked.encode(batch.x, { by: 'training', gradient: batch.gradient! })),
    }
    const error = (output: Float32Array) => output.reduce((sum, value, at) => sum + (value - batch.x[at]!) ** 2, 0)
    expect(crossEntropy(outputs.ranked)).toBeLessThan(crossEntropy(outputs.plain) - 0.1)
    expect(error(outputs.ranked)).toBeGreaterThanOrEqual(error(outputs.plain))
    for (const engine of [plain, ranked]) engine.dispose()
  })

  it('has gradients along its latents that predict the effect of ablating a little of them', async () => {
    const engine = await trained({ architecture: 'gradient', beta: 10 })
    const batch = rowsFrom(0, 200, true)
    const { offsets, indices, values } = await engine.encode(batch.x, { by: 'training', gradient: batch.gradient! })
    const { W_dec } = await engine.params()
    const effects: { expected: number; found: number }[] = []
    for (let row = 0; row < 200; row++) {
      for (let entry = offsets[row]!; entry < offsets[row + 1]!; entry++) {
        const direction = W_dec!.data.subarray(indices[entry]! * D, (indices[entry]! + 1) * D)
        const amount = Math.min(0.05, values[entry]!)
        const own = batch.x.subarray(row * D, (row + 1) * D)
        const without = own.map((value, i) => value - amount * direction[i]!)
        const lossOf = (of: Float32Array) => -Math.log(probabilities(of)[words[row]!]!)
        const along = direction.reduce((sum, value, i) => sum + value * batch.gradient![row * D + i]!, 0)
        effects.push({ expected: -amount * along, found: lossOf(without) - lossOf(own) })
      }
    }
    const r = correlation(
      effects.map(({ expected }) => expected),
      effects.map(({ found }) => found),
    )
    expect(r).toBeGreaterThan(0.9)
    engine.dispose()
  })
})
