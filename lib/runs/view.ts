/** Training runs as lists and pages show them, while they run and afterwards. */
import { LoupeError } from '../../trainer/errors'
import type { Database } from '../db/connect'
import type { Prisma, Status } from '../db/generated/client'
import { newestJobs, type JobReference } from '../jobs/subject'
import { byNameOrId } from '../base/names'
import { listCheckpoints, RunParent, type CheckpointSummary } from './rows'
import type { z } from 'zod'
import { liveWorkers } from '../jobs/lease'
import { againCommand, givenSettings } from './command'
import { RunAnswer, RunList } from './schema'

export interface RunSummary {
  id: string
  name: string
  harvest: { id: string; name: string; hook: string; model: { id: string; name: string } }
  architecture: string
  seed: number
  /** Complete, with `architecture`, `tokens` and `batchSize`. */
  config: Record<string, unknown>
  /** `auto` and an empty device until a worker has taken the run. */
  engine: string
  device: string
  status: Status
  step: number
  steps: number
  /** The newest figures. */
  metrics: { training?: object; heldOut?: object } | null
  error: { code: string; message: string } | null
  /** Mean over the newest records; null before the first. */
  tokensPerSecond: number | null
  /** While it is worked on. */
  secondsLeft: number | null
  /** The newest job that trains or trained it. */
  job: JobReference | null
  dictionary: { id: string; name: string } | null
  /** The sweep it is part of. */
  sweep: { id: string; name: string } | null
  /** ISO 8601. */
  createdAt: string
  finishedAt: string | null
}

export interface RunDetail extends RunSummary {
  /** Newest first. */
  checkpoints: CheckpointSummary[]
  /** The checkpoint it was begun from. */
  parent: RunParent | null
  /** Whether its harvest holds tokens out, on which it is measured. */
  holdsOut: boolean
}

const INCLUDED = {
  harvest: { select: { id: true, name: true, hook: true, model: { select: { id: true, name: true } } } },
  dictionaries: { select: { id: true, name: true }, take: 1 },
  sweep: { select: { id: true, name: true } },
} satisfies Prisma.RunInclude

type Row = Prisma.RunGetPayload<{ include: typeof INCLUDED }>

/** Records that the present speed is a mean of. */
const RECENT_RECORDS = 5

/** Newest first. */
export async function runSummaries(database: Database, { limit = 200 } = {}): Promise<RunSummary[]> {
  const rows = await database.prisma.run.findMany({
    include: INCLUDED,
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    take: limit,
  })
  return summarise(database, rows)
}

/** The runs of a sweep, in its order. */
export async function sweepRunSummaries(database: Database, sweepId: string): Promise<RunSummary[]> {
  const rows = await database.prisma.run.findMany({
    where: { sweepId },
    include: INCLUDED,
    orderBy: { sweepIndex: 'asc' },
  })
  return summarise(database, rows)
}

/** A run by its id. */
export async function runDetail(database: Database, id: string): Promise<RunDetail> {
  const { prisma } = database
  const row = 'id' in byNameOrId(id) ? await prisma.run.findUnique({ where: { id }, include: INCLUDED }) : null
  if (!row) throw new LoupeError('not-found', `there is no run "${id}"`)
  const [[summary], checkpoints, { trainShards, shards }] = await Promise.all([
    summarise(database, [row]),
    listCheckpoints(database, id),
    prisma.harvest.findUniqueOrThrow({ where: { id: row.harvestId }, select: { trainShards: true, shards: true } }),
  ])
  const parent = row.parent ? RunParent.parse(row.parent) : null
  return { ...summary!, checkpoints, parent, holdsOut: trainShards < shards }
}

async function summarise(database: Database, rows: Row[]): Promise<RunSummary[]> {
  const ids = rows.map(({ id }) => id)
  const [jobs, speeds] = await Promise.all([newestJobs(database, 'run', ids), recentSpeeds(database, ids)])
  return rows.map((row) => {
    const { id, name, harvest, architecture, seed, engine, device, status, step, steps } = row
    const job = jobs.get(id) ?? null
    const tokensPerSecond = speeds.get(id) ?? null
    const left = (steps - step) * (row.config as { batchSize: number }).batchSize
    return {
      id,
      name,
      harvest,
      architecture,
      seed,
      engine,
      device,
      status,
      step,
      steps,
      tokensPerSecond,
      job,
      config: row.config as Record<string, unknown>,
      metrics: row.metrics as RunSummary['metrics'],
      error: row.error as RunSummary['error'],
      secondsLeft: job?.hasLiveWorker && tokensPerSecond ? left / tokensPerSecond : null,
      dictionary: row.dictionaries[0] ?? null,
      sweep: row.sweep,
      createdAt: row.createdAt.toISOString(),
      finishedAt: row.finishedAt?.toISOString() ?? null,
    }
  })
}

/** Tokens a second over the newest records. */
async function recentSpeeds({ pool }: Database, ids: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ id: string; speed: number | null }>(
    `SELECT wanted.id, avg(speed) AS speed FROM unnest($1::uuid[]) AS wanted (id), LATERAL (
       SELECT (metrics -> 'training' ->> 'tokensPerSecond')::float8 AS speed FROM run_metric
       WHERE run_id = wanted.id AND metrics ? 'training' ORDER BY step DESC LIMIT $2) AS recent
     GROUP BY wanted.id`,
    [ids, RECENT_RECORDS],
  )
  return new Map(rows.flatMap(({ id, speed }) => (speed === null ? [] : [[id, speed]])))
}

export interface RunPoint {
  step: number
  /** Training tokens so far. */
  tokens: number
  /** `training` and `heldOut`, each where it was measured at this step. */
  metrics: { training?: Record<string, unknown>; heldOut?: Record<string, unknown> }
}

/**
 * Figures along a run, by step. More than `limit` of them are thinned evenly; the newest and every held-out one stay.
 * @param from first step to give. Ask again from the last step seen, which may have gained held-out figures since
 */
export async function runMetrics(
  { pool }: Database,
  id: string,
  { from = 0, limit = 2000 }: { from?: number; limit?: number } = {},
): Promise<RunPoint[]> {
  const { rows } = await pool.query<RunPoint>(
    `SELECT step, tokens, metrics FROM (
       SELECT *, row_number() OVER (ORDER BY step DESC) - 1 AS behind, count(*) OVER () AS found
       FROM run_metric WHERE run_id = $1 AND step >= $2) AS point
     WHERE behind % greatest(1, ceil(found::float8 / $3)::int) = 0 OR metrics ? 'heldOut' ORDER BY step`,
    [id, from, limit],
  )
  return rows
}

// MERGED HEADER of lib/runs/view.ts: Answers about runs, for routes and for the first view of a page alike.

export async function listRuns(database: Database, limit: number): Promise<z.output<typeof RunList>> {
  const workers = await liveWorkers(database.pool)
  return RunList.parse({ runs: await runSummaries(database, { limit }), workers })
}

export async function showRun(database: Database, id: string): Promise<z.output<typeof RunAnswer>> {
  const workers = await liveWorkers(database.pool)
  const run = await runDetail(database, id)
  return RunAnswer.parse({ run: { ...run, settings: givenSettings(run.config), command: againCommand(run) }, workers })
}
