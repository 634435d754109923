/** Sweeps: many runs on one harvest, checked together, written down together, shared by whoever works. */
import { LoupeError, toLoupeError } from '../../trainer/errors'
import type { EngineName } from '../../trainer/sae/engines/names'
import { memoryPlan } from '../../trainer/sae/training/memoryPlan'
import type { Backend } from '../../trainer/tensors/backend'
import type { Database } from '../db/connect'
import type { Harvest, Sweep } from '../db/generated/client'
import { retryJob, cancelJob } from '../jobs/endings'
import { newestJobs } from '../jobs/subject'
import { submitJob } from '../jobs/run'
import { trainJob } from '../jobs/specs'
import { byNameOrId, notThere } from '../base/names'
import { checkRun, type NewRun } from '../runs/start'
import { sweepRuns, type SweepSpec } from './schema'
import { startEvaluation } from '../evaluations/start'
import type { DictionaryRow } from '../dictionaries/rows'
import { USUAL_EVALUATION } from '../evaluations/view'

export interface SweepOptions {
  harvest: Harvest
  spec: SweepSpec
  /** Of the sweep; names of its runs begin with it. By default the harvest's, numbered. */
  name?: string | undefined
  engine: EngineName
}

/** A run as it would be written down, with the bytes that a worker needs for it. */
export interface PlannedRun {
  label: string
  run: NewRun
  bytes: number
}

export async function requireSweep({ prisma }: Database, asked: string): Promise<Sweep> {
  const row = await prisma.sweep.findUnique({ where: byNameOrId(asked) })
  return row ?? notThere('sweep', asked, await prisma.sweep.findMany({ select: { name: true } }))
}

/**
 * Every run of a sweep, checked as single runs are: settings, names, memory. Writes nothing.
 * @throws LoupeError of the first run that is refused, with its label
 */
export async function planSweep(
  database: Database,
  { harvest, spec, name: asked, engine }: SweepOptions,
): Promise<{ name: string; runs: PlannedRun[] }> {
  const name = asked ?? (await freeName(database, harvest))
  if (await database.prisma.sweep.findUnique({ where: { name }, select: { id: true } })) {
    throw new LoupeError('conflict', `there is a sweep named "${name}" already`, {
      remedy: 'go on with it by --resume, or choose another --name',
    })
  }
  const runs: PlannedRun[] = []
  for (const { label, settings } of sweepRuns(spec)) {
    const options = { harvest, settings, name: `${name}/${label}`, engine, resume: false }
    const checked = await checkRun(database, undefined, options).catch((error: unknown) => {
      throw ofRun(label, error)
    })
    if ('resumed' in checked) throw new Error('a run of a sweep that is not there yet cannot be resumed')
    runs.push({ label, run: checked.created, bytes: memoryPlan(checked.created.config).total })
  }
  return { name, runs }
}

function ofRun(label: string, error: unknown): unknown {
  const known = toLoupeError(error)
  if (!known) return error
  return new LoupeError(known.code, `run ${label} of the sweep: ${known.message}`, {
    ...(known.remedy !== undefined && { remedy: known.remedy }),
    cause: error,
  })
}

async function freeName({ prisma }: Database, harvest: Harvest): Promise<string> {
  const rows = await prisma.sweep.findMany({ where: { harvestId: harvest.id }, select: { name: true } })
  const taken = new Set(rows.map(({ name }) => name))
  let number = 1
  while (taken.has(`${harvest.name}/sweep-${number}`)) number += 1
  return `${harvest.name}/sweep-${number}`
}

/** Checks every run, then writes the sweep and all of them down in one transaction. */
export async function prepareSweep(database: Database, options: SweepOptions): Promise<Sweep> {
  const { name, runs } = await planSweep(database, options)
  const spec: object = options.spec
  return database.prisma.sweep.create({
    data: {
      name,
      harvestId: options.harvest.id,
      spec,
      runs: { create: runs.map(({ run }, sweepIndex) => ({ ...run, sweepIndex })) },
    },
  })
}

/** Puts a sweep into the queue, a job for each of its runs. */
export async function startSweep(database: Database, options: SweepOptions): Promise<Sweep> {
  const sweep = await prepareSweep(database, options)
  await submitRuns(database, sweep)
  return sweep
}

/** The newest unfinished sweep of this harvest with the same runs; with a name, that one, its differences refused. */
export async function findUnfinished(database: Database, { harvest, spec, name }: SweepOptions): Promise<Sweep> {
  const isSame = (sweep: Sweep) => sweep.harvestId === harvest.id && sameRuns(sweep.spec as SweepSpec, spec)
  if (name !== undefined) {
    const sweep = await requireSweep(database, name)
    if (isSame(sweep)) return sweep
    throw new LoupeError('mismatch', `the sweep "${name}" was begun with another specification or harvest`, {
      remedy: 'give the same ones, or start a new sweep under another --name',
    })
  }
  const unfinished = await database.prisma.sweep.findMany({
    where: { harvestId: harvest.id, runs: { some: { status: { not: 'finished' } } } },
    orderBy: { createdAt: 'desc' },
  })
  const found = unfinished.find(isSame)
  if (found) return found
  throw new LoupeError('not-found', `there is no unfinished sweep of ${harvest.name} with this specification`, {
    remedy: 'leave --resume out',
  })
}

const sameRuns = (a: SweepSpec, b: SweepSpec) => JSON.stringify(sweepRuns(a)) === JSON.stringify(sweepRuns(b))

/**
 * Sees to it that every run that is not finished has a job in the queue; those that failed or were cancelled go on from
 * their newest checkpoint.
 * @param backend of a process that is to do them; a run that was begun on another one is refused then
 * @returns the jobs, in the order of the runs
 */
export async function submitRuns(database: Database, { id }: Sweep, backend?: Backend): Promise<string[]> {
  const runs = await database.prisma.run.findMany({
    where: { sweepId: id, status: { not: 'finished' } },
    orderBy: { sweepIndex: 'asc' },
    select: { id: true },
  })
  const ids = runs.map(({ id: run }) => run)
  const known = await newestJobs(database, 'run', ids)
  const jobs: string[] = []
  for (const run of ids) {
    const job = known.get(run)
    if (job?.status === 'failed' || job?.status === 'cancelled') await retryJob(database, job.id)
    jobs.push(await submitJob(database, trainJob, { run }, backend))
  }
  return jobs
}

/** Takes what is unfinished out of the queue; what is stored stays. */
export async function cancelSweep(database: Database, { id }: Sweep): Promise<void> {
  const runs = await database.prisma.run.findMany({
    where: { sweepId: id, status: { in: ['pending', 'running'] } },
    select: { id: true },
  })
  const jobs = await newestJobs(
    database,
    'run',
    runs.map((run) => run.id),
  )
  for (const job of jobs.values()) await cancelJob(database, job.id)
  // One that never came into the queue, because whoever wrote it down was ended before.
  const unqueued = runs.map((run) => run.id).filter((run) => !jobs.has(run))
  await database.prisma.run.updateMany({ where: { id: { in: unqueued } }, data: { status: 'cancelled' } })
}

/** The dictionaries that a sweep has made and that no evaluation has measured yet, in the order of its runs. */
export function unevaluated({ prisma }: Database, { id }: Pick<Sweep, 'id'>): Promise<DictionaryRow[]> {
  return prisma.dictionary.findMany({
    where: { run: { sweepId: id }, evaluations: { none: USUAL_EVALUATION } },
    orderBy: { run: { sweepIndex: 'asc' } },
  })
}

/** Puts an evaluation of each of them into the queue; returns the jobs. */
export async function evaluateSweep(database: Database, sweep: Sweep): Promise<string[]> {
  const jobs: string[] = []
  for (const row of await unevaluated(database, sweep)) jobs.push(await startEvaluation(database, row))
  return jobs
}
