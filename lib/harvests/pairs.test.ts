/** Harvests with targets, gradients and attention outputs, from the model to the evaluation of what is trained on them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database'
import type { LoadedModel } from '../../trainer/model/types'
import { silentStage } from '../../trainer/progress'
import { Dictionary } from '../../trainer/sae/dictionary/dictionary'
import { readSingleContexts } from '../../trainer/store/contexts'
import { splitShards } from '../../trainer/store/layout'
import { orderedBatches } from '../../trainer/store/orderedStream'
import { loadBackend, type Backend } from '../../trainer/tensors/backend'
import { createRandom } from '../../trainer/tensors/random'
import { addTiny } from '../compute/tiny.testing'
import type { Harvest } from '../db/generated/client'
import { requireDictionary } from '../dictionaries/rows'
import { storeDictionary } from '../dictionaries/weights'
import { harvestSummary } from './view'
import { prepareHarvest } from './plan'
import { measuredLayoutOf, requireHarvest } from './rows'
import { HarvestOptions } from './schema'
import { statisticsKind } from '../features/job'
import { evaluateKind } from '../evaluations/job'
import { harvestKind } from './job'
import { suiteKind } from '../evaluations/suiteJob'
import { trainKind } from '../runs/job'
import { runJob } from '../jobs/run'
import { loadModel } from '../models/load'
import { requireModelById } from '../models/rows'
import { suiteSpec } from '../evaluations/start'
import { prepareRun } from '../runs/start'

const HOOK = 'blocks.0.ln2.hook_normalized'
const TARGET = 'blocks.0.hook_mlp_out'
const CONTEXT = 16
const stage = silentStage()

const database = await testDatabase()
const folder = await mkdtemp(join(tmpdir(), 'loupe-pairs-'))
let tiny: Awaited<ReturnType<typeof addTiny>>
let backend: Backend
let loaded: LoadedModel

beforeAll(async () => {
  tiny = await addTiny(database)
  backend = await loadBackend()
  const random = createRandom('corpus')
  const documents = Array.from({ length: 40 }, () =>
    JSON.stringify({ text: String.fromCharCode(...Array.from({ length: 60 }, () => 97 + random.int(26))) }),
  )
  await writeFile(join(folder, 'corpus.jsonl'), documents.join('\n'))
  loaded = await loadModel(database, await requireModelById(database, tiny.modelId), stage)
})
afterAll(async () => {
  loaded.model.dispose()
  await tiny[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

async function plan(overrides: Partial<HarvestOptions>): Promise<Harvest> {
  const options = HarvestOptions.parse({
    model: 'tiny',
    hook: HOOK,
    corpus: join(folder, 'corpus.jsonl'),
    tokens: 1500,
    contextSize: CONTEXT,
    ...overrides,
  })
  const row = await requireModelById(database, tiny.modelId)
  return (await prepareHarvest(database, { row, loaded, backend, options, stage })).harvest
}

async function harvested(overrides: Partial<HarvestOptions>): Promise<Harvest> {
  const { id } = await plan(overrides)
  await runJob(database, backend, harvestKind, { harvest: id }, stage)
  return requireHarvest(database, id)
}

async function trained(harvest: Harvest, settings: Record<string, unknown>) {
  const size = { d_sae: 24, k: 4, tokens: 2048, batchSize: 128, ...settings }
  const run = await prepareRun(database, backend, { harvest, settings: size, engine: 'auto', resume: false })
  const result = (await runJob(database, backend, trainKind, { run: run.id }, stage)) as { dictionary: string }
  return requireDictionary(database, result.dictionary)
}

async function evaluated(dictionary: string, harvest: Harvest) {
  const spec = { dictionary, harvest: harvest.id, tokens: 128, includeExcluded: false }
  const { metrics } = (await runJob(database, backend, evaluateKind, spec, stage)) as {
    metrics: Record<'heldOut' | 'crossEntropy', Record<string, number>>
  }
  return metrics
}

describe('a harvest of pairs with gradients', () => {
  let harvest: Harvest
  beforeAll(async () => {
    harvest = await harvested({ targetHook: TARGET, gradients: true })
  })

  it('holds what the model computes, and the gradients of the loss', async () => {
    expect(await harvestSummary(database, harvest.id)).toMatchObject({ targetHook: TARGET, gradients: true })
    expect(harvest.provenance).toMatchObject({
      targetHook: TARGET,
      gradients: { of: 'sum of next-token cross-entropy', reduction: 'sum' },
    })
    const layout = measuredLayoutOf(harvest)
    const batches = orderedBatches(database.pool, layout, {
      shards: splitShards(layout, 'held-out'),
      batchSize: CONTEXT - 1,
      companions: ['target', 'gradient'],
    })
    const { value: batch } = await batches.next()
    await batches.return(undefined)
    const context = batch!.context[0]!
    const contexts = await readSingleContexts(database.pool, layout, [context])
    const ids = contexts.get(context)!.tokens
    const targets = ids.map((_, at) => ids[at + 1] ?? -1)
    const expected = loaded.model.lossGradient(
      { ids, batch: 1, seq: CONTEXT },
      { hook: HOOK, targets, capture: [TARGET] },
    )
    const pairs = [
      [batch!.x, expected.captured.get(HOOK)!],
      [batch!.target!, expected.captured.get(TARGET)!],
      [batch!.gradient!, expected.gradient],
    ] as const
    for (const [stored, tensor] of pairs) {
      const values = tensor.dataSync<'float32'>()
      const width = values.length / CONTEXT
      for (let i = 0; i < stored.length; i++) {
        expect(stored[i]).toBeCloseTo(values[batch!.position[Math.floor(i / width)]! * width + (i % width)]!, 4)
      }
      tensor.dispose()
    }
    expect(batch!.gradient!.slice(-layout.d_in).every((value) => value === 0)).toBe(true)
  })

  it('trains a gradient dictionary, which is evaluated with and without gradients', async () => {
    const dictionary = await trained(harvest, { architecture: 'gradient' })
    const run = await database.prisma.run.findUniqueOrThrow({ where: { id: dictionary.runId! } })
    const { heldOut: along } = run.metrics as { heldOut: { l0: number; byTraining: { l0: number } } }
    for (const { l0 } of [along, along.byTraining]) expect(l0).toBeGreaterThan(0)
    const { heldOut, crossEntropy } = await evaluated(dictionary.id, harvest)
    expect(heldOut['l0']).toBeLessThanOrEqual(4)
    expect(crossEntropy['crossEntropySpliced']).toBeGreaterThan(0)
  })

  it('keeps the results of the suite when a later part fails', async () => {
    const { id } = (await database.prisma.dictionary.findFirst({ where: { architecture: 'gradient' } }))!
    const suite = [
      { name: 'core', settings: { tokens: 128 } },
      { name: 'influence', settings: { contexts: 5000, features: 2 } },
    ]
    const spec = { dictionary: id, harvest: harvest.id, control: null, suite }
    await expect(runJob(database, backend, suiteKind, spec, stage)).rejects.toThrow(/held-out contexts have/)
    const where = { dictionaryId: id, kind: 'core-categories' }
    expect(await database.prisma.evaluation.count({ where })).toBe(1)
    await runJob(database, backend, suiteKind, { ...spec, suite: suite.slice(0, 1) }, stage)
    expect(await database.prisma.evaluation.count({ where })).toBe(2)
  })

  it('measures a transcoder by its target, and splices it in there', async () => {
    const { d_in, d_out } = measuredLayoutOf(harvest)
    const zeros = (...shape: number[]) => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b)) })
    const nothing = Dictionary.create(
      { architecture: 'none', d_in, d_out, d_sae: 3, activation: { kind: 'relu' }, apply_b_dec_to_input: false },
      { W_enc: zeros(d_in, 3), W_dec: zeros(3, d_out!), b_enc: zeros(3), b_dec: zeros(d_out!) },
    )
    const tie = { origin: 'import', modelId: tiny.modelId, hook: HOOK, provenance: {} } as const
    const { id } = await storeDictionary(database, { name: 'nothing', dictionary: nothing, ...tie })
    const { heldOut, crossEntropy } = await evaluated(id, harvest)
    expect(heldOut['explainedVariance']).toBeLessThanOrEqual(0)
    expect(crossEntropy['crossEntropySpliced']).toBe(crossEntropy['crossEntropyZero'])
    expect(crossEntropy['crossEntropyZero']).not.toBe(crossEntropy['crossEntropyClean'])
    const elsewhere = await harvested({ targetHook: 'blocks.1.hook_mlp_out', name: 'elsewhere' })
    const known = await storeDictionary(database, { name: 'known', dictionary: nothing, ...tie, targetHook: TARGET })
    await expect(evaluated(known.id, elsewhere)).rejects.toThrow(
      `the dictionary known writes ${TARGET}, the targets of the harvest elsewhere are of blocks.1.hook_mlp_out`,
    )
    // The suite leaves out the parts that do not apply. Without a name, the only harvest that fits is used.
    const { spec, leftOut, harvest: fitting } = await suiteSpec(database, known, { suite: ['all'], words: 300 })
    expect([fitting.id, spec.suite.map(({ name }) => name)]).toEqual([harvest.id, ['core', 'sparse-probing']])
    expect(leftOut).toEqual([expect.stringContaining('absorption'), expect.stringContaining('Influence')])
    await expect(suiteSpec(database, known, { suite: ['influence'] })).rejects.toThrow(/known cannot be measured by/)
    const open = await requireDictionary(database, 'nothing')
    await expect(suiteSpec(database, open, { suite: ['core'] })).rejects.toThrow(/several harvests fit it/)
    const plain = await harvested({})
    await expect(evaluated(id, plain)).rejects.toThrow(/made without targets/)
    await expect(trained(plain, { architecture: 'gradient' })).rejects.toThrow(/made without gradients/)
  })

  it('trains transcoders that know where they write, and start only from such transcoders', async () => {
    const transcoder = await trained(harvest, { architecture: 'transcoder' })
    expect(transcoder).toMatchObject({ hook: HOOK, targetHook: TARGET })
    const elsewhere = await requireHarvest(database, 'elsewhere')
    const settings = { architecture: 'transcoder', d_sae: 24, k: 4, tokens: 2048, batchSize: 128 }
    const options = { harvest: elsewhere, settings, engine: 'auto', resume: false, from: transcoder.name } as const
    await expect(prepareRun(database, backend, options)).rejects.toThrow(
      `target hook: "${TARGET}" there, "blocks.1.hook_mlp_out" here`,
    )
  })

  it('differs from a harvest without targets, and needs hooks that fit', async () => {
    await expect(plan({ hook: TARGET, targetHook: HOOK })).rejects.toThrow(/not computed after/)
    await expect(plan({ targetHook: 'blocks.0.attn.hook_pattern' })).rejects.toThrow(/attention patterns/)
    await expect(plan({ targetHook: 'blocks.0.hook_mlp' })).rejects.toThrow(/no hook/)
    await expect(plan({ name: harvest.name, targetHook: TARGET })).rejects.toThrow(
      /gradients is .* there and none here/,
    )
  })
})

describe('a harvest of attention outputs', () => {
  it('trains dictionaries of all heads, with features and figures', async () => {
    const harvest = await harvested({ hook: 'blocks.1.attn.hook_z' })
    const { n_heads, d_head } = loaded.model.config
    expect(harvest.dIn).toBe(n_heads * d_head)
    const dictionary = await trained(harvest, { architecture: 'topk' })
    expect(dictionary.config).toMatchObject({ reshape_activations: 'hook_z' })
    const { heldOut, crossEntropy } = await evaluated(dictionary.id, harvest)
    expect(heldOut['l0']).toBeLessThanOrEqual(4)
    expect(crossEntropy['crossEntropySpliced']).not.toBe(crossEntropy['crossEntropyClean'])
    const spec = { dictionary: dictionary.id, harvest: harvest.id, shards: harvest.shards, seed: 0 }
    expect(await runJob(database, backend, statisticsKind, spec, stage)).toMatchObject({ features: 24 })
  })
})
