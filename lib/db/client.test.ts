import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import pg from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { emptyDatabase } from '../../test/support/database'
import { migrationNames } from '../../test/support/migrationNames'
import { openDatabase } from './client'
import { databaseError } from './databaseError'

const empty = await emptyDatabase()
const { url } = empty
afterAll(() => empty[Symbol.asyncDispose]())

describe('openDatabase', () => {
  it('migrates, and opens the same database for Prisma and the pool', async () => {
    await using database = await openDatabase({ url })
    expect(database.migrated).toEqual(migrationNames())
    const { prisma, pool } = database
    const model = await prisma.model.create({
      data: { name: 'm', family: 'llama', config: { n_layers: 2 }, source: 's', files: {}, weightsHash: 'w' },
    })
    const corpus = await prisma.corpus.create({ data: { name: 'c', source: 's', hash: 'h', documents: 3 } })
    const harvest = await prisma.harvest.create({
      data: {
        name: 'h',
        modelId: model.id,
        corpusId: corpus.id,
        hook: 'blocks.0.hook_resid_post',
        dtype: 'f32',
        contextSize: 16,
        dIn: 8,
        seed: 0,
        tokensWanted: 1000,
        trainShards: 3,
        shards: 4,
        contextsPerShard: 5,
        provenance: {},
      },
    })
    const run = await prisma.run.create({
      data: {
        name: 'r',
        harvestId: harvest.id,
        architecture: 'topk',
        config: {},
        seed: 0,
        engine: 'e',
        device: 'cpu',
        steps: 9,
        series: { create: { step: 1, tokens: 4e9, metrics: { loss: 0.5 } } },
      },
    })
    const weights = await prisma.blob.create({ data: { sha256: Buffer.alloc(32), bytes: 0 } })
    await prisma.checkpoint.create({ data: { runId: run.id, step: 1, blobId: weights.id, position: { row: 4096 } } })
    const { id } = await prisma.dictionary.create({
      data: {
        name: 'd',
        modelId: model.id,
        hook: harvest.hook,
        dIn: 8,
        dSae: 32,
        architecture: 'topk',
        config: {},
        weightsId: weights.id,
        origin: 'run',
        runId: run.id,
        provenance: {},
        evaluations: { create: { kind: 'core', config: {}, metrics: {}, engine: 'e', device: 'cpu' } },
        featureSet: { create: { harvestId: harvest.id, tokens: 100, config: {} } },
      },
    })
    const dictionary = await prisma.dictionary.findUniqueOrThrow({
      where: { id },
      include: {
        evaluations: true,
        featureSet: true,
        weights: true,
        run: { include: { series: true, checkpoints: true } },
      },
    })
    expect(dictionary).toMatchObject({
      evaluations: [{ kind: 'core' }],
      featureSet: { status: 'pending', tokens: 100 },
      weights: { bytes: 0n },
      run: { series: [{ tokens: 4e9, metrics: { loss: 0.5 } }], checkpoints: [{ position: { row: 4096 } }] },
    })
    const worker = await prisma.worker.create({ data: { id: 'worker-1', host: 'a', pid: 1, engine: 'e' } })
    const job = await prisma.job.create({
      data: { kind: 'harvest', spec: {}, parts: { create: { idx: 0, spec: {}, workerId: worker.id } } },
    })
    const stored = await prisma.job.findUnique({ where: { id: job.id }, include: { parts: true } })
    expect(stored).toMatchObject({ status: 'pending', planned: false, parts: [{ done: 0, workerId: 'worker-1' }] })
    const { rows } = await pool.query('SELECT name, status FROM harvest')
    expect(rows).toEqual([{ name: 'h', status: 'pending' }])
    await expect(prisma.blob.delete({ where: { id: weights.id } })).rejects.toMatchObject({ code: 'P2003' })
  })

  it('names the remedy if no server answers, and if the server refuses', async () => {
    const nowhere = createServer().listen(0, '127.0.0.1')
    await once(nowhere, 'listening')
    const { port } = nowhere.address() as AddressInfo
    await new Promise((resolve) => nowhere.close(resolve))
    const gone = openDatabase({ url: `postgresql://loupe:x@127.0.0.1:${port}/loupe?sslmode=disable` })
    await expect(gone).rejects.toMatchObject({
      code: 'unavailable',
      remedy: expect.stringContaining('run the same') as string,
    })
    await expect(openDatabase({ url: url.replace(/:[^:@]+@/, ':wrong@') })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('password') as string,
    })
    await expect(openDatabase({ url: `${url.split('?')[0]}_none?sslmode=disable` })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('does not exist') as string,
    })
  })

  it('survives lost connections, and distinguishes them from defects', async () => {
    await using database = await openDatabase({ url })
    const cut = () =>
      database.pool.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()')
    expect(databaseError(await cut().catch((error: unknown) => error))).toMatchObject({ code: 'unavailable' })
    expect((await database.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    const killSelf = database.prisma.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())`
    expect(databaseError(await killSelf.catch((error: unknown) => error))).toMatchObject({ code: 'unavailable' })
    expect(await database.prisma.model.count()).toBe(1)
    const wrong = await database.pool.query('SELECT nothing').catch((error: unknown) => error)
    expect(databaseError(wrong)).toBeUndefined()
    expect(databaseError(new TypeError('x is undefined'))).toBeUndefined()
  })

  it('reports a full disk, thrown by Postgres itself or through Prisma', async () => {
    await using database = await openDatabase({ url })
    await database.pool.query(`CREATE FUNCTION fill_disk() RETURNS int LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$`)
    const plain = await database.pool.query('SELECT fill_disk()').catch((error: unknown) => error)
    expect(databaseError(plain)).toMatchObject({
      code: 'disk-full',
      remedy: expect.stringContaining('free some space') as string,
    })
    const prisma = await database.prisma.$queryRaw`SELECT fill_disk()`.catch((error: unknown) => error)
    expect(databaseError(prisma)).toMatchObject({ code: 'disk-full' })
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.end()
    expect(databaseError(await client.query('SELECT 1').catch((error: unknown) => error))).toBeDefined()
  })
})
