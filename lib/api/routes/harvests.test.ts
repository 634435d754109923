/** Harvests requested over HTTP: checked at once, planned and computed by a worker. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../../test/support/database'
import { silentStage } from '../../../trainer/progress'
import { listShards } from '../../../trainer/store/shards'
import { loadBackend, type Backend } from '../../../trainer/tensors/backend'
import { addTiny } from '../../compute/tiny.testing'
import { harvestKind } from '../../harvests/job'
import { prepareHarvest } from '../../harvests/plan'
import { HarvestOptions } from '../../harvests/schema'
import { requireHarvest, shardsFor } from '../../harvests/rows'
import { harvestDetail } from '../../harvests/view'
import { JOB_KINDS } from '../../jobKinds'
import { cancelJob, retryJob } from '../../jobs/endings'
import { runJob } from '../../jobs/run'
import { loadModel } from '../../models/load'
import { requireModelById } from '../../models/rows'
import { startRun } from '../../runs/start'
import { dispatch } from '../dispatch'
import { harvestRoutes } from './harvests'

const HOOK = 'blocks.0.hook_resid_post'
const OPTIONS = { model: 'tiny', hook: HOOK, tokens: 600, contextSize: 16 }
const stage = silentStage()

const database = await testDatabase()
let tiny: Awaited<ReturnType<typeof addTiny>>
let backend: Backend
beforeAll(async () => {
  tiny = await addTiny(database)
  backend = await loadBackend()
})
afterAll(async () => {
  await tiny[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

async function post(body: object): Promise<{ status: number; answer: Record<string, unknown> }> {
  const request = new Request('http://127.0.0.1/api/v1/harvests', {
    method: 'POST',
    headers: { 'content-type': 'application/json', host: '127.0.0.1' },
    body: JSON.stringify(body),
  })
  const compute = () => {
    throw new Error('the web process asks the compute process for nothing')
  }
  const response = await dispatch(request, harvestRoutes, () => ({ database, compute }))
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> }
}

async function refusal(body: object): Promise<string> {
  const { status, answer } = await post(body)
  expect(status).toBeGreaterThanOrEqual(400)
  const { message, remedy } = (answer as { error: { message: string; remedy?: string } }).error
  return `${message}: ${remedy}`
}

const run = (harvest: string) => runJob(database, backend, harvestKind, { harvest }, stage)

describe('a request for a harvest', () => {
  it('is refused with a clear error for what does not exist or does not fit', async () => {
    expect(await refusal({ ...OPTIONS, model: 'tinny' })).toMatch(/no model "tinny".*"tiny"/)
    expect(await refusal({ ...OPTIONS, hook: 'blocks.0.hook_resid_pots' })).toMatch(
      /no hook.*blocks\.0\.hook_resid_pos/,
    )
    expect(await refusal({ ...OPTIONS, hook: 'blocks.0.attn.hook_pattern' })).toMatch(/attention patterns/)
    expect(await refusal({ ...OPTIONS, targetHook: 'blocks.0.hook_mlp_out' })).toMatch(/not computed after/)
    expect(await refusal({ ...OPTIONS, contextSize: 5000 })).toMatch(/contextSize: 5000 .*4096/)
    expect(await refusal({ ...OPTIONS, tokens: 0 })).toMatch(/tokens/)
    expect(await refusal({ ...OPTIONS, surprise: 1 })).toMatch(/surprise/)
    expect(await database.prisma.harvest.count()).toBe(0)
  })

  it('cannot name a path on the server', async () => {
    expect(await refusal({ ...OPTIONS, corpus: '/etc/passwd' })).toMatch(/corpus/)
    expect(await refusal({ ...OPTIONS, corpus: 'package.json' })).toMatch(/corpus/)
  })

  it('is registered at once, without reading corpus or model', async () => {
    const { status, answer } = await post(OPTIONS)
    expect(status).toBe(200)
    const harvest = await harvestDetail(database, answer['harvest'] as string)
    expect(harvest).toMatchObject({ status: 'pending', tokens: null, shards: 0, engine: null, bytes: 0 })
    expect(harvest).toMatchObject({ corpus: { name: 'sotu', documents: null }, job: { id: answer['job'] } })
    expect(harvest.provenance).not.toHaveProperty('corpusHash')
    // The same request finds the harvest and its job.
    expect((await post(OPTIONS)).answer).toEqual(answer)
  })

  it('is computed by a worker, with the bytes that the command line would make', async () => {
    const { answer } = await post({ ...OPTIONS, name: 'over HTTP' })
    const id = answer['harvest'] as string
    await run(id)
    const harvest = await harvestDetail(database, id)
    expect(harvest).toMatchObject({ status: 'finished', engine: backend.fingerprint, job: { status: 'finished' } })
    expect(harvest.corpus.documents).toBe(233)
    // A finished one is returned without a job.
    expect((await post({ ...OPTIONS, name: 'over HTTP' })).answer).toEqual({ ...answer, job: null })

    const row = await requireModelById(database, tiny.modelId)
    const loaded = await loadModel(database, row, stage)
    const options = HarvestOptions.parse({ ...OPTIONS, name: 'from a terminal' })
    const { harvest: planned } = await prepareHarvest(database, { row, loaded, backend, options, stage })
    loaded.model.dispose()
    await run(planned.id)
    const other = await harvestDetail(database, planned.id)
    expect(other.provenance).toEqual(harvest.provenance)
    expect(await listShards(database.pool, planned.id)).toEqual(await listShards(database.pool, id))
  })

  it('cannot use the name of another harvest, until that one is given up before it holds anything', async () => {
    expect(await refusal({ ...OPTIONS, name: 'over HTTP', seed: 1 })).toMatch(/seed is 0 there and 1 here/)
    const { answer } = await post({ ...OPTIONS, name: 'reused' })
    expect(await refusal({ ...OPTIONS, name: 'reused', seed: 1 })).toMatch(/seed is 0 there and 1 here/)
    await database.prisma.job.update({ where: { id: answer['job'] as string }, data: { status: 'cancelled' } })
    const { answer: next } = await post({ ...OPTIONS, name: 'reused', seed: 1 })
    expect(next['harvest']).not.toBe(answer['harvest'])
    await run(next['harvest'] as string)
    expect(await harvestDetail(database, 'reused')).toMatchObject({ seed: 1, status: 'finished' })
  })

  it('fails in the worker when its engine cannot compute gradients, and can be requested again', async () => {
    const body = { ...OPTIONS, gradients: true, name: 'gradients' }
    const { answer } = await post(body)
    const id = answer['harvest'] as string
    const plain = { ...backend, name: 'wasm' as const }
    await expect(runJob(database, plain, harvestKind, { harvest: id }, stage)).rejects.toThrow(
      /gradients need TensorFlow/,
    )
    expect(await harvestDetail(database, id)).toMatchObject({ status: 'failed', tokens: null })
    expect((await post(body)).answer).toMatchObject({ harvest: id })
    expect(await harvestDetail(database, id)).toMatchObject({ status: 'pending' })
  })

  it('is one harvest with one job, however often it is sent at once', async () => {
    const body = { ...OPTIONS, name: 'at once' }
    const answers = await Promise.all([0, 1, 2, 3].map(() => post(body)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(new Set(answers.map(({ answer }) => JSON.stringify(answer))).size).toBe(1)
    expect(await refusal({ ...body, name: 'a\0b' })).toMatch(/null characters/)
  })

  it('can be cancelled before it is planned, and retried', async () => {
    const { answer } = await post({ ...OPTIONS, name: 'cancelled early' })
    const [harvest, job] = [answer['harvest'] as string, answer['job'] as string]
    await cancelJob(database, job, JOB_KINDS)
    expect(await harvestDetail(database, harvest)).toMatchObject({ status: 'cancelled', shards: 0 })
    await retryJob(database, job, JOB_KINDS)
    expect((await post({ ...OPTIONS, name: 'cancelled early' })).answer).toEqual(answer)
    await run(harvest)
    expect(await harvestDetail(database, harvest)).toMatchObject({ status: 'finished', job: { id: job } })
  })

  it('stays cancelled when the worker has planned it before it notices', async () => {
    const { answer } = await post({ ...OPTIONS, name: 'cancelled while planned' })
    const [harvest, job] = [answer['harvest'] as string, answer['job'] as string]
    const cache = {
      get: async <T>(_key: string, make: () => Promise<T>) => {
        const made = await make()
        await cancelJob(database, job, JOB_KINDS)
        return made
      },
    }
    await harvestKind.plan({ harvest }, { database, job, backend, cache, stage })
    expect(await harvestDetail(database, harvest)).toMatchObject({ status: 'cancelled' })
  })

  it('is not retried after another harvest took its name', async () => {
    const { answer } = await post({ ...OPTIONS, name: 'given up' })
    const job = answer['job'] as string
    await cancelJob(database, job, JOB_KINDS)
    await post({ ...OPTIONS, name: 'given up', seed: 2 })
    await expect(retryJob(database, job, JOB_KINDS)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('is planned by the command line too, which continues its job', async () => {
    const { answer } = await post({ ...OPTIONS, name: 'both' })
    const row = await requireModelById(database, tiny.modelId)
    const loaded = await loadModel(database, row, stage)
    const options = HarvestOptions.parse({ ...OPTIONS, name: 'both' })
    // At once, as two processes do that plan the same harvest.
    const plans = await Promise.all(
      [0, 1].map(() => prepareHarvest(database, { row, loaded, backend, options, stage })),
    )
    loaded.model.dispose()
    expect(plans[0]!.harvest).toEqual(plans[1]!.harvest)
    expect(plans[0]!.harvest.id).toBe(answer['harvest'])
    await run(plans[0]!.harvest.id)
    expect(await harvestDetail(database, 'both')).toMatchObject({ status: 'finished', job: { id: answer['job'] } })
  })

  it('runs again when the command line continues it after a cancel', async () => {
    const { answer } = await post({ ...OPTIONS, name: 'continued' })
    const [harvest, job] = [answer['harvest'] as string, answer['job'] as string]
    await cancelJob(database, job, JOB_KINDS)
    const row = await requireModelById(database, tiny.modelId)
    const loaded = await loadModel(database, row, stage)
    const options = HarvestOptions.parse({ ...OPTIONS, name: 'continued' })
    const { harvest: planned } = await prepareHarvest(database, { row, loaded, backend, options, stage })
    loaded.model.dispose()
    expect(planned).toMatchObject({ id: harvest, status: 'pending' })
    const cache = { get: () => Promise.reject(new Error('a planned harvest needs no model for its plan')) }
    await harvestKind.plan({ harvest }, { database, job, backend, cache, stage })
    expect(await harvestDetail(database, harvest)).toMatchObject({ status: 'running' })
  })

  it('cannot be trained on or counted over before it is planned', async () => {
    const { answer } = await post({ ...OPTIONS, name: 'waiting' })
    const harvest = await requireHarvest(database, answer['harvest'] as string)
    const settings = { d_sae: 24, k: 4, tokens: 512 }
    const start = startRun(database, { harvest, settings, engine: 'auto', resume: false })
    await expect(start).rejects.toMatchObject({ code: 'conflict', message: 'the harvest waiting is not finished' })
    expect(() => shardsFor(harvest, 1000)).toThrow(/the harvest waiting is not planned yet/)
  })
})
