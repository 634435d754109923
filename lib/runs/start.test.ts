import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database'
import { storeFinishedHarvest } from '../../test/support/harvest'
import { silentStage } from '../../trainer/progress'
import { loadBackend, type Backend } from '../../trainer/tensors/backend'
import { readBlob } from '../../trainer/store/blobs'
import { countRows } from '../../trainer/store/measure'
import { storeCheckpointDictionary } from './dictionary'
import { dictionarySummaries } from '../catalog/view'
import { harvestSummary } from '../harvests/view'
import { measuredLayoutOf, requireHarvest } from '../harvests/rows'
import { cancelJob, retryJob } from '../jobs/endings'
import { trainKind } from './job'
import { followJob } from '../jobs/run'
import { jobSummary, jobSummaries, showJob } from '../jobs/view'
import { startWorker } from '../jobs/worker'
import { trainJob } from './schema'
import { runReport } from './report'
import { checkRun, prepareRun, startRun, type RunRequest } from './start'
import { runDetail, runMetrics, runSummaries } from './view'

const database = await testDatabase()
afterAll(() => database[Symbol.asyncDispose]())
let backend: Backend
beforeAll(async () => {
  backend = await loadBackend('cpu')
})

const stored = await storeFinishedHarvest(database.pool)
const harvest = await requireHarvest(database, stored.harvestId)
const settings = { architecture: 'topk', d_sae: 16, k: 2, tokens: 3200, batchSize: 64, warmupSteps: 2, decaySteps: 2 }
const options = (name: string, more: Partial<RunRequest> = {}): RunRequest => ({
  harvest,
  settings,
  name,
  engine: 'auto',
  resume: false,
  ...more,
})

const statusOf = async (run: string) => (await runDetail(database, run)).status

async function work<T>(body: () => Promise<T>): Promise<T> {
  const worker = await startWorker({ database, backend, kinds: [trainKind] })
  try {
    return await body()
  } finally {
    await worker.stop()
  }
}

describe('a run in the queue', () => {
  it('gets its engine from the worker that takes it, and is visible all the time', async () => {
    const { run, job } = await startRun(database, options('plain'))
    expect(run).toMatchObject({ engine: 'auto', device: '', status: 'pending', steps: 50 })
    expect((await showJob(database, job)).job).toMatchObject({
      kind: 'train',
      status: 'pending',
      hasLiveWorker: false,
      rate: null,
      workers: [],
      about: { run: { id: run.id, name: 'plain' } },
    })
    await work(() => followJob(database, job, silentStage()))
    const detail = await runDetail(database, run.id)
    expect(detail).toMatchObject({
      engine: 'reference',
      device: 'cpu',
      status: 'finished',
      step: 50,
      secondsLeft: null,
      harvest: { id: harvest.id, name: harvest.name },
      job: { id: job, status: 'finished', hasLiveWorker: false },
      dictionary: { name: 'plain' },
      config: { d_sae: 16, d_in: 8 },
    })
    expect(detail.tokensPerSecond).toBeGreaterThan(0)
    const points = await runMetrics(database, run.id)
    expect(points.at(-1)).toMatchObject({ step: 50, metrics: { training: {}, heldOut: {} } })
    expect(await runMetrics(database, run.id, { from: 50 })).toEqual(points.slice(-1))
    const thinned = await runMetrics(database, run.id, { limit: 1 })
    expect(thinned.every(({ metrics }, place) => metrics.heldOut || place === thinned.length - 1)).toBe(true)

    const [summary] = await dictionarySummaries(database)
    expect(summary).toMatchObject({
      name: 'plain',
      dIn: 8,
      dSae: 16,
      features: null,
      run: { id: run.id },
      figures: { source: 'run', heldOut: true, l0: 2, crossEntropyRecovered: null, harvest: { name: harvest.name } },
    })
    // L0 and dead latents are those of the report on all held-out tokens.
    const report = (await runReport(database, run.id))!
    await database.pool.query(
      `UPDATE evaluation SET metrics = jsonb_set(metrics, '{rules,inference,deadShare}', '0.125') WHERE kind = 'run'`,
    )
    const { tokens } = (detail.metrics as { heldOut: { tokens: number } }).heldOut
    await database.pool.query(
      `UPDATE evaluation SET metrics = jsonb_set(metrics, '{tokens}', '7777') WHERE kind = 'run'`,
    )
    expect((await dictionarySummaries(database))[0]!.figures).toMatchObject({
      tokens: 7777,
      deadShare: 0.125,
      l0: report.rules.inference.l0,
      explainedVarianceTokens: tokens,
    })
    await expect(retryJob(database, job, [trainJob])).rejects.toThrow(/has finished/)
  })

  it('is named after its settings', async () => {
    const nameOf = async (more: object) => {
      const unnamed = { harvest, engine: 'auto', resume: false } as const
      const checked = await checkRun(database, backend, { ...unnamed, settings: { d_sae: 16, tokens: 3200, ...more } })
      return 'created' in checked ? checked.created.name : undefined
    }
    expect(await nameOf({ architecture: 'topk', k: 2, seed: 3 })).toBe(`${harvest.name}/topk-16-k2-seed3`)
    expect(await nameOf({ architecture: 'relu' })).toBe(`${harvest.name}/relu-16`)
  })

  it('is refused if it needs more memory than there is', async () => {
    const huge = { ...settings, d_sae: 2 ** 33 }
    await expect(startRun(database, options('huge', { settings: huge }))).rejects.toMatchObject({ code: 'too-large' })
    // As if a machine with more memory had submitted it.
    const { run, job } = await startRun(database, options('huge'))
    const config = { ...(run.config as object), d_sae: 2 ** 33 }
    await database.prisma.run.update({ where: { id: run.id }, data: { config } })
    await work(() => followJob(database, job, silentStage()).catch(() => undefined))
    expect(await runDetail(database, run.id)).toMatchObject({ status: 'failed', step: 0, error: { code: 'too-large' } })
  })
})

describe('a run whose job is cancelled', () => {
  it('is cancelled, frees its name, and continues when the job is retried', async () => {
    const { run, job } = await startRun(database, options('cancelled'))
    await cancelJob(database, job, [trainJob])
    expect(await statusOf(run.id)).toBe('cancelled')
    await retryJob(database, job, [trainJob])
    expect(await statusOf(run.id)).toBe('running')
    await work(() => followJob(database, job, silentStage()))
    expect(await statusOf(run.id)).toBe('finished')
  })

  it('can be resumed by name, on the engine of this process', async () => {
    const { run, job } = await startRun(database, options('resumed'))
    await cancelJob(database, job, [trainJob])
    // As if it had been stored before this setting existed.
    await database.pool.query(`UPDATE run SET config = config - 'keepAt' WHERE id = $1`, [run.id])
    const again = await prepareRun(database, backend, options('resumed', { resume: true }))
    expect(again.id).toBe(run.id)
    await expect(
      prepareRun(database, backend, options('resumed', { resume: true, settings: { ...settings, k: 3 } })),
    ).rejects.toThrow(/other settings: k: 2 there, 3 here/)
  })

  it('cannot be retried once another run has its name', async () => {
    const first = await startRun(database, options('rival'))
    await cancelJob(database, first.job, [trainJob])
    const second = await startRun(database, options('rival'))
    expect(second.run.id).not.toBe(first.run.id)
    await expect(startRun(database, options('rival'))).rejects.toMatchObject({ code: 'conflict' })
    await expect(retryJob(database, first.job, [trainJob])).rejects.toThrow(/another unfinished run is now named rival/)
    await cancelJob(database, second.job, [trainJob])
  })

  it('does not undo what another job has finished', async () => {
    const { run, job } = await startRun(database, options('done elsewhere'))
    await database.pool.query(`UPDATE run SET status = 'finished' WHERE id = $1`, [run.id])
    await cancelJob(database, job, [trainJob])
    expect(await statusOf(run.id)).toBe('finished')
  })
})

describe('the checkpoints of a run', () => {
  const kept = { ...settings, keepEvery: 20, keepAt: [0.5] }

  it('are the last one, the scheduled ones and the best; other runs start from them, and dictionaries are made of them', async () => {
    const { run, job } = await startRun(database, options('parent', { settings: kept }))
    await work(() => followJob(database, job, silentStage()))
    const { checkpoints, parent, holdsOut } = await runDetail(database, run.id)
    expect([parent, holdsOut]).toEqual([null, true])
    const steps = (isIn: (checkpoint: (typeof checkpoints)[number]) => boolean) =>
      checkpoints.filter(isIn).map(({ step }) => step)
    expect(steps(({ kept: isKept }) => isKept)).toEqual([40, 25, 20])
    expect(checkpoints[0]).toMatchObject({ step: 50, metrics: { tokens: expect.any(Number) as number } })
    const best = checkpoints.filter((checkpoint) => checkpoint.best)
    expect(best).toHaveLength(1)
    const variance = (step: { metrics: unknown }) => (step.metrics as { explainedVariance: number }).explainedVariance
    const points = await runMetrics(database, run.id)
    const late = points.filter(({ step, metrics }) => step >= 25 && metrics.heldOut)
    expect(variance(best[0]!)).toBe(Math.max(...late.map(({ metrics }) => variance({ metrics: metrics.heldOut }))))

    const child = await startRun(database, options('child', { from: 'parent@25', settings: { ...settings, k: 3 } }))
    await work(() => followJob(database, child.job, silentStage()))
    const childRun = await runDetail(database, child.run.id)
    expect(childRun).toMatchObject({ status: 'finished', parent: { run: run.id, name: 'parent', step: 25 } })

    const made = await storeCheckpointDictionary(database, 'parent', 'of the end')
    expect(made).toEqual({ dictionary: 'of the end', run: 'parent', step: 50 })
    const rows = await database.prisma.dictionary.findMany({ where: { name: { in: ['parent', 'of the end'] } } })
    const [one, other] = await Promise.all(rows.map((row) => readBlob(database.pool, row.weightsId)))
    expect(one!.equals(other!)).toBe(true)

    const report = await runReport(database, run.id)
    const heldOut = (await countRows(database.pool, measuredLayoutOf(harvest), 'held-out')).reduce((a, b) => a + b)
    expect(report).toMatchObject({ tokens: heldOut, rules: { inference: { l0: 2 }, training: null }, gradient: null })
    expect(report!.densities).toHaveLength(16)
    expect(report!.densities.reduce((sum, density) => sum + density)).toBeCloseTo(2, 2)
    expect(report!.sample.l0).toHaveLength(Math.min(2000, heldOut))
  })

  it('are refused by a run of other widths, and listed if one is missing', async () => {
    const from = (checkpoint: string, more: object = {}) =>
      prepareRun(database, undefined, options('none', { from: checkpoint, settings: { ...settings, ...more } }))
    await expect(from('parent', { d_sae: 32 })).rejects.toThrow(/d_sae: 16 there, 32 here/)
    await expect(from('parent@26')).rejects.toMatchObject({
      code: 'not-found',
      remedy: expect.stringMatching(/50.*25/) as string,
    })
    await expect(from('parrent')).rejects.toThrow(/no run "parrent"/)
  })
})

describe('a run that fails', () => {
  it('says why, and continues when the job is retried', async () => {
    const { run, job } = await startRun(database, options('fails'))
    await database.pool.query(`UPDATE harvest SET status = 'running' WHERE id = $1`, [harvest.id])
    await work(() => followJob(database, job, silentStage()).catch(() => undefined))
    expect(await runDetail(database, run.id)).toMatchObject({ status: 'failed', error: { code: 'conflict' } })
    await database.pool.query(`UPDATE harvest SET status = 'finished' WHERE id = $1`, [harvest.id])
    await retryJob(database, job, [trainJob])
    expect(await runDetail(database, run.id)).toMatchObject({ status: 'running', error: null })
    await work(() => followJob(database, job, silentStage()))
    expect(await statusOf(run.id)).toBe('finished')
  })
})

describe('lists', () => {
  it('of jobs hold every job once, newest first', async () => {
    const ids: string[] = []
    let after: string | undefined
    do {
      const page = await jobSummaries(database, { limit: 2, after })
      ids.push(...page.jobs.map(({ id }) => id))
      after = page.next ?? undefined
    } while (after)
    const all = await database.prisma.job.findMany({ orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] })
    expect(ids).toEqual(all.map(({ id }) => id))
    await expect(jobSummaries(database, { after: 'x' })).rejects.toMatchObject({ code: 'bad-input' })
    await expect(jobSummary(database, 'x')).rejects.toMatchObject({ code: 'not-found' })
  })

  it('of runs and harvests are plain data', async () => {
    const runs = await runSummaries(database)
    expect(JSON.parse(JSON.stringify(runs))).toEqual(runs)
    const summary = await harvestSummary(database, harvest.id)
    expect(summary).toMatchObject({ runs: runs.length, job: null, contextSize: 16, status: 'finished' })
    await expect(runDetail(database, 'x')).rejects.toMatchObject({ code: 'not-found' })
  })
})
