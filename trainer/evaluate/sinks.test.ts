/**
 * Attention sinks make explained variance look good for nothing, so they are left out of everything. At SmolLM2's
 * `blocks.14.hook_resid_post` the first position is a hundred times as long as the others: a dictionary that has
 * learnt hardly anything but that one direction "explains" nearly all of the variance.
 */
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { loupeCache } from '../../lib/base/config'
import { openCorpus } from '../corpus/corpus'
import { planContexts } from '../corpus/contexts'
import { harvestContexts } from '../harvest/activations'
import { loadModel } from '../model/load/loadModel'
import { resolveSource } from '../model/load/source'
import { silentStage } from '../progress'
import { Dictionary } from '../sae/dictionary/dictionary'
import { createEngine } from '../sae/engines'
import { resolveTrainConfig } from '../sae/architectures'
import { train } from '../sae/training/train'
import { countedRows } from '../store/counting'
import { createRandom } from '../tensors/random'
import { loadBackend } from '../tensors/backend'
import { ReconstructionMeter } from './reconstruction'

const HOOK = 'blocks.14.hook_resid_post'
const CONTEXT = 64
const BATCH = 256

let rows: { all: Float32Array; counted: Float32Array }
let d_in: number

beforeAll(async () => {
  await loadBackend()
  const stage = silentStage()
  const { model, tokenizer } = await loadModel(
    await resolveSource('smollm2-135m-instruct', { cacheDir: loupeCache(), stage }),
  )
  const options = { contextSize: CONTEXT, tokens: 32 * CONTEXT, seed: 0 }
  const { train: split } = planContexts(openCorpus('sotu').documents, (text) => tokenizer!.encode(text), options, stage)
  const { activations: all } = harvestContexts(model, { hook: HOOK }, split.tokens, CONTEXT)
  model.dispose()
  d_in = all.length / split.tokens.length
  rows = {
    all,
    counted: take(all, countedRows(split.tokens, rowNorms(all), { contextSize: CONTEXT, medianNorm: medianNorm(all) })),
  }
})

const rowNorms = (values: Float32Array) =>
  Float32Array.from({ length: values.length / d_in }, (_, row) =>
    Math.hypot(...values.subarray(row * d_in, (row + 1) * d_in)),
  )

function medianNorm(values: Float32Array): number {
  const norms = rowNorms(values)
    .filter((_, row) => row % CONTEXT !== 0)
    .sort()
  return norms[norms.length >> 1]!
}

function take(values: Float32Array, kept: Uint32Array): Float32Array {
  const taken = new Float32Array(kept.length * d_in)
  for (const [at, row] of kept.entries()) taken.set(values.subarray(row * d_in, (row + 1) * d_in), at * d_in)
  return taken
}

/** A dictionary far too small to explain anything. */
async function trainTiny(values: Float32Array): Promise<Dictionary> {
  const n = values.length / d_in
  const config = resolveTrainConfig({
    architecture: 'topk',
    d_in,
    d_sae: 16,
    k: 1,
    tokens: 150 * BATCH,
    batchSize: BATCH,
  })
  const engine = createEngine('auto')
  const batches = async function* (startRow: number) {
    await Promise.resolve()
    for (let row = startRow; ; row += BATCH) {
      const { int } = createRandom(`batch ${row}`)
      yield {
        row,
        x: take(
          values,
          Uint32Array.from({ length: BATCH }, () => int(n)),
        ),
      }
    }
  }
  const { dictionary } = await train({ config, engine, batches, stage: silentStage() })
  engine.dispose()
  return Dictionary.create(dictionary.config, dictionary.tensors)
}

function explainedVariance(dictionary: Dictionary, values: Float32Array): number {
  const meter = new ReconstructionMeter(d_in, dictionary.d_sae)
  const x = tf.tensor2d(values, [values.length / d_in, d_in])
  const codes = dictionary.encode(x)
  const output = dictionary.decode(codes, x)
  meter.add(values, output.dataSync<'float32'>(), codes)
  tf.dispose([x, output])
  return meter.figures().explainedVariance!
}

describe('attention sinks at block 14', () => {
  it('are left out by the counting rule, and little else is', () => {
    const left = (rows.all.length - rows.counted.length) / d_in
    expect(left).toBeGreaterThanOrEqual(rows.all.length / d_in / CONTEXT)
    expect(left / (rows.all.length / d_in)).toBeLessThan(0.03)
  })

  it('would make a hopeless dictionary look excellent', async () => {
    const dictionary = await trainTiny(rows.all)
    expect(explainedVariance(dictionary, rows.all)).toBeGreaterThan(0.98)
    expect(explainedVariance(dictionary, rows.counted)).toBeLessThan(0.5)
    const honest = await trainTiny(rows.counted)
    expect(explainedVariance(honest, rows.counted)).toBeLessThan(0.5)
    for (const each of [dictionary, honest]) each.dispose()
  })
})
