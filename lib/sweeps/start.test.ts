import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database'
import { storeFinishedHarvest } from '../../test/support/harvest'
import { until } from '../../test/support/until'
import type { LoupeError } from '../../trainer/errors'
import { silentStage } from '../../trainer/progress'
import { loadBackend, type Backend } from '../../trainer/tensors/backend'
import { requireHarvest } from '../harvests/rows'
import { trainKind } from '../runs/job'
import { runQueued } from '../jobs/run'
import { runDetail } from '../runs/view'
import { estimateSeconds } from './estimate'
import {
  cancelSweep,
  checkSweep,
  planSweep,
  prepareSweep,
  requireUnfinished,
  startSweep,
  submitRuns,
  unevaluated,
  type NewSweep,
} from './start'
import { SweepSpec } from './schema'
import { sweepDetail, sweepSummaries } from './view'

const database = await testDatabase()
afterAll(() => database[Symbol.asyncDispose]())
let backend: Backend
beforeAll(async () => {
  backend = await loadBackend('cpu')
})

const stored = await storeFinishedHarvest(database.pool)
const harvest = await requireHarvest(database, stored.harvestId)
const STEPS = 100
const base = { d_sae: 16, tokens: 64 * STEPS, batchSize: 64, warmupSteps: 2, decaySteps: 2 }
const four = { base, grid: { architecture: ['topk', 'batchtopk'], k: [2, 3] } }
const options = (name: string, spec: object = four): NewSweep => ({
  harvest,
  spec: SweepSpec.parse(spec),
  name,
  engine: 'auto',
})

const everything = async () => {
  const { prisma } = database
  return Promise.all([prisma.sweep.count(), prisma.run.count(), prisma.job.count()])
}

describe('a sweep that cannot be trained as a whole', () => {
  const wrong: [string, object, Partial<Record<keyof LoupeError, unknown>>][] = [
    [
      'k above d_sae',
      { base, grid: { k: [2, 17] } },
      { code: 'bad-input', message: /^run topk-k17 .*k cannot exceed/ },
    ],
    ['no k', { base, grid: { seed: [0, 1] } }, { message: /^run topk-seed0 of the sweep: .*k: / }],
    ['an architecture that is not there', { base, grid: { architecture: ['topkk'], k: [2] } }, { code: 'not-found' }],
    [
      'too large for memory',
      { base: { tokens: 64 }, grid: { k: [2], d_sae: [16, 2 ** 33] } },
      { code: 'too-large', message: /^run topk-8589934592 / },
    ],
    [
      'too large a seed',
      { base, grid: { k: [2], seed: [0, 2 ** 40] } },
      { message: /^run topk-seed1099511627776 .*seed/ },
    ],
  ]

  it.each(wrong)('is refused, and nothing is written: %s', async (_what, spec, { message, ...refused }) => {
    const before = await everything()
    const attempt = startSweep(database, options('refused', spec))
    await expect(attempt).rejects.toMatchObject({
      ...refused,
      ...(message ? { message: expect.stringMatching(message as RegExp) as string } : {}),
    })
    expect(await everything()).toEqual(before)
  })
})

describe('a sweep', () => {
  it('is planned without being stored', async () => {
    const before = await everything()
    const { name, runs } = await checkSweep(database, { ...options(''), name: undefined })
    expect(name).toBe(`${harvest.name}/sweep-1`)
    expect(runs.map(({ label }) => label)).toEqual(['topk-k2', 'topk-k3', 'batchtopk-k2', 'batchtopk-k3'])
    expect(runs[3]).toMatchObject({ run: { name: `${name}/batchtopk-k3`, steps: STEPS, config: { d_in: 8, k: 3 } } })
    expect(runs[0]!.bytes).toBeGreaterThan(0)
    const plan = await planSweep(database, { ...options(''), name: undefined })
    expect(plan.runs[3]).toMatchObject({
      label: 'batchtopk-k3',
      name: `${name}/batchtopk-k3`,
      steps: STEPS,
      seconds: null,
    })
    expect(await everything()).toEqual(before)
  })

  it('is finished by other workers from the last checkpoint when one is killed in the middle', async () => {
    const sweep = await startSweep(database, options('killed'))
    const killed = spawn(process.execPath, ['--import', 'tsx', 'lib/runs/job/trainWorker.testing.ts', database.url], {
      env: { ...process.env, LOUPE_CHECKPOINT_SECONDS: '0' },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const halfTrained = async () => {
      const { members } = await sweepDetail(database, sweep.id)
      return members.find(({ status, step }) => status === 'running' && step >= 10)
    }
    await until(async () => (await halfTrained()) !== undefined)
    const [half] = await Promise.all([halfTrained(), once(killed, 'exit'), Promise.resolve(killed.kill('SIGKILL'))])
    const { checkpoints } = await runDetail(database, half!.id)
    expect(checkpoints[0]!.step).toBeGreaterThan(0)

    const jobs = await submitRuns(database, sweep, backend)
    const seen: number[] = []
    const stage = { ...silentStage(), report: (done: number) => seen.push(done) }
    await runQueued(database, backend, trainKind, { jobs, total: 4 * base.tokens }, stage)
    const detail = await sweepDetail(database, 'killed')
    expect(detail).toMatchObject({
      id: sweep.id,
      architectures: ['topk', 'batchtopk'],
      varied: ['architecture', 'k'],
      runs: { all: 4, finished: 4, failed: 0 },
      steps: { done: 4 * STEPS, total: 4 * STEPS },
    })
    expect(detail.members.map(({ dictionary }) => dictionary?.name)).toEqual([
      'killed/topk-k2',
      'killed/topk-k3',
      'killed/batchtopk-k2',
      'killed/batchtopk-k3',
    ])
    expect(detail.members[1]).toMatchObject({
      label: 'topk-k3',
      settings: { ...base, architecture: 'topk', k: 3 },
      sweep: { name: 'killed' },
      figures: { source: 'run', heldOut: true, l0: 3, crossEntropyRecovered: null },
    })
    expect(seen.at(-1)).toBe(4 * base.tokens)
    expect(await submitRuns(database, sweep)).toEqual([])

    // Figures do not come from an evaluation with first positions and sinks.
    const evaluate = (dictionaryId: string, includeExcluded: boolean) =>
      database.prisma.evaluation.create({
        data: { dictionaryId, kind: 'core', config: { includeExcluded }, metrics: {}, engine: '', device: '' },
      })
    const [first, second] = detail.members.map(({ dictionary }) => dictionary!.id)
    await Promise.all([evaluate(first!, true), evaluate(second!, false)])
    expect((await unevaluated(database, sweep)).map(({ name }) => name)).toEqual([
      'killed/topk-k2',
      'killed/batchtopk-k2',
      'killed/batchtopk-k3',
    ])
  }, 60_000)

  it('keeps its name and the names of its runs', async () => {
    await expect(startSweep(database, options('killed'))).rejects.toMatchObject({ code: 'conflict' })
    await prepareSweep(database, options('first', { base, grid: { k: [2] } }))
    await database.prisma.sweep.update({ where: { name: 'first' }, data: { name: 'renamed' } })
    await expect(prepareSweep(database, options('first', { base, grid: { k: [2] } }))).rejects.toThrow(/unfinished/)
  })

  it('is cancelled as a whole, found again by its specification, and continues', async () => {
    const short = { base: { ...base, tokens: 640 }, grid: { k: [2, 3] } }
    const sweep = await startSweep(database, options('cancelled', short))
    // As if the process that stored the sweep had ended before it queued the second run.
    await database.pool.query(
      `DELETE FROM job WHERE spec ->> 'run' = (SELECT id::text FROM run WHERE name = 'cancelled/topk-k3')`,
    )
    await cancelSweep(database, sweep)
    expect((await sweepDetail(database, sweep.id)).runs).toMatchObject({ cancelled: 2, pending: 0 })
    const again = await requireUnfinished(database, { ...options('', short), name: undefined })
    expect(again.id).toBe(sweep.id)
    await expect(requireUnfinished(database, options('cancelled'))).rejects.toMatchObject({ code: 'mismatch' })
    await expect(requireUnfinished(database, { ...options(''), name: undefined })).rejects.toMatchObject({
      code: 'not-found',
    })
    const jobs = await submitRuns(database, again, backend)
    await runQueued(database, backend, trainKind, { jobs, total: 1280 }, silentStage())
    expect((await sweepSummaries(database))[0]).toMatchObject({ name: 'cancelled', runs: { finished: 2, all: 2 } })
  })

  it('is estimated from similar runs', async () => {
    const sized = { architecture: 'topk', d_in: 8, d_sae: 16, tokens: 1000 }
    const [one, wider, other] = await estimateSeconds(database, [sized, { ...sized, d_sae: 32 }, { ...sized, d_in: 9 }])
    expect(wider! / one!).toBeCloseTo(2)
    expect(other).toBeNull()
  })
})
