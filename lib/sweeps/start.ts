/** Starts sweeps: checks all runs together, stores them together, queues a job for each. */
import { LoupeError, toLoupeError } from '../../trainer/errors'
import type { EngineName } from '../../trainer/sae/engines/names'
import { runMemory } from '../../trainer/sae/training/runMemory'
import type { Backend } from '../../trainer/tensors/backend'
import type { Database } from '../db/connect'
import type { Harvest } from '../db/generated/client'
import type { DictionaryRow } from '../dictionaries/rows'
import { startEvaluation } from '../evaluations/start'
import { USUAL_EVALUATION } from '../evaluations/rows'
import { cancelJob, retryJob } from '../jobs/endings'
import { submitJob } from '../jobs/queue'
import { newestJobs } from '../jobs/subject'
import { markCancelled, runIdsOfSweep, type NewRun } from '../runs/rows'
import { trainJob } from '../runs/schema'
import { checkRun } from '../runs/start'
import { estimateSeconds } from './estimate'
import { sweepRuns } from './expand'
import { dictionariesWithout, insertSweep, isSweepName, requireSweep, sweepNames, unfinishedSweeps } from './rows'
import type { SweepRow } from './rows'
import type { SweepPlan, SweepSpec } from './schema'

export interface NewSweep {
  harvest: Harvest
  spec: SweepSpec
  /** Name of the sweep; the names of its runs start with it. Default: the harvest's, numbered. */
  name?: string | undefined
  engine: EngineName
}

interface CheckedRun {
  label: string
  run: NewRun
  /** Memory that a worker needs for it. */
  bytes: number
}

/**
 * Checks every run of a sweep like a single run: settings, names, memory. Writes nothing.
 * @throws LoupeError of the first run that is refused, with its label
 */
export async function checkSweep(
  database: Database,
  sweep: NewSweep,
): Promise<{ name: string; runs: readonly CheckedRun[] }> {
  const { harvest, spec, engine } = sweep
  const name = sweep.name ?? (await freeName(database, harvest))
  if (await isSweepName(database, name)) {
    throw new LoupeError('conflict', `there is a sweep named "${name}" already`, {
      remedy: 'continue it with --resume, or choose another --name',
    })
  }
  const runs: CheckedRun[] = []
  for (const { label, settings } of sweepRuns(spec)) {
    const request = { harvest, settings, name: `${name}/${label}`, engine, resume: false }
    const checked = await checkRun(database, undefined, request).catch((error: unknown) => {
      throw withLabel(label, error)
    })
    if ('resumed' in checked) throw new Error('a run of a new sweep cannot be resumed')
    runs.push({ label, run: checked.created, bytes: runMemory(checked.created.config).total })
  }
  return { name, runs }
}

function withLabel(label: string, error: unknown): unknown {
  const known = toLoupeError(error)
  if (!known) return error
  return new LoupeError(known.code, `run ${label} of the sweep: ${known.message}`, {
    ...(known.remedy !== undefined && { remedy: known.remedy }),
    cause: error,
  })
}

async function freeName(database: Database, harvest: Harvest): Promise<string> {
  const taken = await sweepNames(database, harvest.id)
  let number = 1
  while (taken.has(`${harvest.name}/sweep-${number}`)) number += 1
  return `${harvest.name}/sweep-${number}`
}

/** The runs that a sweep would have, with the memory and the time that they need. Writes nothing. */
export async function planSweep(database: Database, sweep: NewSweep): Promise<SweepPlan> {
  const { name, runs } = await checkSweep(database, sweep)
  const seconds = await estimateSeconds(
    database,
    runs.map(({ run }) => run.config),
  )
  return {
    name,
    runs: runs.map(({ label, run, bytes }, at) => ({
      label,
      name: run.name,
      steps: run.steps,
      bytes,
      seconds: seconds[at]!,
    })),
  }
}

/** Checks every run, then stores the sweep and all of them in one transaction. */
export async function prepareSweep(database: Database, sweep: NewSweep): Promise<SweepRow> {
  const { name, runs } = await checkSweep(database, sweep)
  const { harvest, spec } = sweep
  return insertSweep(database, { name, harvestId: harvest.id, spec, runs: runs.map(({ run }) => run) })
}

/** Puts a sweep into the queue, with a job for each of its runs. */
export async function startSweep(database: Database, sweep: NewSweep): Promise<SweepRow> {
  const row = await prepareSweep(database, sweep)
  await submitRuns(database, row)
  return row
}

/**
 * The sweep to resume: the newest unfinished one of this harvest with the same runs. With a name it is the sweep of that
 * name, which must have the same runs and harvest.
 */
export async function requireUnfinished(database: Database, { harvest, spec, name }: NewSweep): Promise<SweepRow> {
  const isSame = (sweep: SweepRow) => sweep.harvestId === harvest.id && sameRuns(sweep.spec, spec)
  if (name !== undefined) {
    const sweep = await requireSweep(database, name)
    if (isSame(sweep)) return sweep
    throw new LoupeError('mismatch', `the sweep "${name}" started with another specification or harvest`, {
      remedy: 'use the same ones, or start a new sweep under another --name',
    })
  }
  const same = (await unfinishedSweeps(database, harvest.id)).find(isSame)
  if (same) return same
  throw new LoupeError('not-found', `there is no unfinished sweep of ${harvest.name} with this specification`, {
    remedy: 'leave --resume out',
  })
}

const sameRuns = (a: SweepSpec, b: SweepSpec) => JSON.stringify(sweepRuns(a)) === JSON.stringify(sweepRuns(b))

/**
 * Makes sure that every unfinished run has a job in the queue. Failed and cancelled runs continue from their newest
 * checkpoint.
 * @param backend of a process that will work on the runs; a run that started on another backend is refused then
 * @returns the jobs, in the order of the runs
 */
export async function submitRuns(database: Database, { id }: SweepRow, backend?: Backend): Promise<string[]> {
  const runs = await runIdsOfSweep(database, id, ['pending', 'running', 'failed', 'cancelled'])
  const known = await newestJobs(database, trainJob, runs)
  const jobs: string[] = []
  for (const run of runs) {
    const job = known.get(run)
    if (job?.status === 'failed' || job?.status === 'cancelled') await retryJob(database, job.id, [trainJob])
    jobs.push(await submitJob(database, trainJob, { run }, backend))
  }
  return jobs
}

/** Removes the unfinished runs from the queue; what is stored stays. */
export async function cancelSweep(database: Database, { id }: SweepRow): Promise<void> {
  const runs = await runIdsOfSweep(database, id, ['pending', 'running'])
  const jobs = await newestJobs(database, trainJob, runs)
  for (const job of jobs.values()) await cancelJob(database, job.id, [trainJob])
  // A run has no job if the process that stored the sweep ended before it queued the run.
  await markCancelled(
    database,
    runs.filter((run) => !jobs.has(run)),
  )
}

/** The dictionaries of a sweep that no evaluation has measured yet, in the order of its runs. */
export function unevaluated(database: Database, sweep: Pick<SweepRow, 'id'>): Promise<DictionaryRow[]> {
  return dictionariesWithout(database, sweep, USUAL_EVALUATION)
}

/** Puts an evaluation of each of them into the queue; returns the jobs. */
export async function evaluateSweep(database: Database, sweep: SweepRow): Promise<string[]> {
  const jobs: string[] = []
  for (const row of await unevaluated(database, sweep)) jobs.push(await startEvaluation(database, row))
  return jobs
}
