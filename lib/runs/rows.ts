/** Training runs and the figures along them as rows. Stored JSON is parsed here. */
import type { ClientBase } from 'pg'
import { LoupeError } from '../../trainer/errors'
import type { TrainConfig } from '../../trainer/sae/architectures'
import { byNameOrId, notThere } from '../base/names'
import type { Database } from '../db/connect'
import { Prisma, type Run, type Status } from '../db/generated/client'
import { RunConfig, RunError, RunFigures, RunParent, RunPoint } from './schema'

/** A run as it is stored, its JSON parsed. */
export type RunRow = Parsed<Run>

interface ParsedColumns {
  config: RunConfig
  metrics: RunFigures | null
  error: RunError | null
  parent: RunParent | null
}
type Parsed<Row extends Run> = Omit<Row, keyof ParsedColumns> & ParsedColumns

function parsed<Row extends Run>(row: Row): Parsed<Row> {
  const { config, metrics, error, parent } = row
  return {
    ...row,
    config: inStoredOrder(config, RunConfig.parse(config)),
    metrics: RunFigures.nullable().parse(metrics),
    error: RunError.nullable().parse(error),
    parent: RunParent.nullable().parse(parent),
  }
}

/** Parsing puts the fields that it knows first; commands and pages list settings in the order of the database. */
const inStoredOrder = (stored: unknown, config: RunConfig): RunConfig => ({ ...(stored as object), ...config })

const WITH_HARVEST = { harvest: true } satisfies Prisma.RunInclude

/** What lists and pages show of a run besides its own columns. */
const WITH_NAMES = {
  harvest: {
    select: {
      id: true,
      name: true,
      hook: true,
      trainShards: true,
      shards: true,
      model: { select: { id: true, name: true } },
    },
  },
  dictionaries: { select: { id: true, name: true }, take: 1 },
  sweep: { select: { id: true, name: true } },
} satisfies Prisma.RunInclude

export type RunWithNames = Parsed<Prisma.RunGetPayload<{ include: typeof WITH_NAMES }>>

/** Newest first. */
export async function newestRuns({ prisma }: Database, limit: number): Promise<RunWithNames[]> {
  const rows = await prisma.run.findMany({
    include: WITH_NAMES,
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    take: limit,
  })
  return rows.map(parsed)
}

/** The runs of a sweep, in its order. */
export async function runsOfSweep({ prisma }: Database, sweepId: string): Promise<RunWithNames[]> {
  const rows = await prisma.run.findMany({ where: { sweepId }, include: WITH_NAMES, orderBy: { sweepIndex: 'asc' } })
  return rows.map(parsed)
}

/** Ids of the runs of a sweep in these states, in its order. */
export async function runIdsOfSweep({ prisma }: Database, sweepId: string, states: Status[]): Promise<string[]> {
  const rows = await prisma.run.findMany({
    where: { sweepId, status: { in: states } },
    orderBy: { sweepIndex: 'asc' },
    select: { id: true },
  })
  return rows.map(({ id }) => id)
}

/** A run by its id, with the names of what belongs to it. */
export async function requireRunById({ prisma }: Database, id: string): Promise<RunWithNames> {
  const row = 'id' in byNameOrId(id) ? await prisma.run.findUnique({ where: { id }, include: WITH_NAMES }) : null
  if (!row) throw new LoupeError('not-found', `there is no run "${id}"`)
  return parsed(row)
}

/** A run by its id, or the newest run of a name; with its harvest. */
export async function requireRun({ prisma }: Database, nameOrId: string) {
  const run = await prisma.run.findFirst({
    where: byNameOrId(nameOrId),
    orderBy: { createdAt: 'desc' },
    include: WITH_HARVEST,
  })
  if (run) return parsed(run)
  return notThere('run', nameOrId, await prisma.run.findMany({ select: { name: true }, distinct: ['name'] }))
}

/** The run of a job, with its harvest. */
export async function runOfJob({ prisma }: Database, id: string) {
  return parsed(await prisma.run.findUniqueOrThrow({ where: { id }, include: WITH_HARVEST }))
}

export async function newestRunNamed({ prisma }: Database, name: string): Promise<RunRow | null> {
  const row = await prisma.run.findFirst({ where: { name }, orderBy: { createdAt: 'desc' } })
  return row && parsed(row)
}

/** The columns of a run that does not exist yet. */
export type NewRun = Pick<Run, 'name' | 'harvestId' | 'architecture' | 'seed' | 'engine' | 'device' | 'steps'> & {
  config: TrainConfig
  parent?: RunParent
}

export async function insertRun({ prisma }: Database, run: NewRun): Promise<RunRow> {
  return parsed(await prisma.run.create({ data: run }))
}

/** A worker has taken the run, on this engine and device. */
export async function markRunning(
  { prisma }: Database,
  id: string,
  { engine, device }: { engine: string; device: string },
): Promise<void> {
  await prisma.run.update({
    where: { id },
    data: { engine, device, status: 'running', error: Prisma.DbNull, finishedAt: null },
  })
}

export async function markCancelled({ prisma }: Database, ids: readonly string[]): Promise<void> {
  await prisma.run.updateMany({ where: { id: { in: [...ids] } }, data: { status: 'cancelled' } })
}

/** In the transaction that stores the dictionary. */
export async function markFinishedWithin(client: ClientBase, id: string, metrics: object): Promise<void> {
  await client.query(
    `UPDATE run SET status = 'finished', finished_at = now(), step = steps, metrics = $2 WHERE id = $1`,
    [id, JSON.stringify(metrics)],
  )
}

/** Adds figures to those of this step, and to the newest ones of the run. */
export async function storeFigures(
  { pool }: Database,
  id: string,
  { step, tokens }: { step: number; tokens: number },
  figures: { training: object } | { heldOut: object },
): Promise<void> {
  const json = JSON.stringify(figures)
  await pool.query(
    `INSERT INTO run_metric (run_id, step, tokens, metrics) VALUES ($1, $2, $3, $4)
     ON CONFLICT (run_id, step) DO UPDATE SET metrics = run_metric.metrics || EXCLUDED.metrics`,
    [id, step, tokens, json],
  )
  await pool.query(`UPDATE run SET step = $2, metrics = coalesce(metrics, '{}') || $3 WHERE id = $1`, [id, step, json])
}

/**
 * Figures along a run, by step. More than `limit` are thinned evenly; the newest and all held-out ones stay.
 * @param from first step. To follow a run, ask again from the last step seen: it may have held-out figures now
 */
export async function runPoints(
  { pool }: Database,
  id: string,
  { from = 0, limit = 2000 }: { from?: number; limit?: number } = {},
): Promise<RunPoint[]> {
  const { rows } = await pool.query(
    `SELECT step, tokens, metrics FROM (
       SELECT *, row_number() OVER (ORDER BY step DESC) - 1 AS behind, count(*) OVER () AS points
       FROM run_metric WHERE run_id = $1 AND step >= $2) AS point
     WHERE behind % greatest(1, ceil(points::float8 / $3)::int) = 0 OR metrics ? 'heldOut' ORDER BY step`,
    [id, from, limit],
  )
  return RunPoint.array().parse(rows)
}

/** The present speed is a mean of this many records. */
const RECENT_RECORDS = 5

/** Tokens per second over the newest records, by run; runs without records are absent. */
export async function recentSpeeds({ pool }: Database, ids: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ id: string; speed: number | null }>(
    `SELECT wanted.id, avg(speed) AS speed FROM unnest($1::uuid[]) AS wanted (id), LATERAL (
       SELECT (metrics -> 'training' ->> 'tokensPerSecond')::float8 AS speed FROM run_metric
       WHERE run_id = wanted.id AND metrics ? 'training' ORDER BY step DESC LIMIT $2) AS recent
     GROUP BY wanted.id`,
    [ids, RECENT_RECORDS],
  )
  return new Map(rows.flatMap(({ id, speed }) => (speed === null ? [] : [[id, speed]])))
}
