/** Harvests as lists and pages show them. */
import { z } from 'zod'
import type { Database } from '../db/connect'
import type { Prisma } from '../db/generated/client'
import type { JobReference } from '../jobs/schema'
import { newestJobs } from '../jobs/subject'
import { provenanceOf, requireHarvest, requireHarvestById } from './rows'
import { HarvestOptions, harvestJob, StoredExcluded, type HarvestDetail, type HarvestSummary } from './schema'

const INCLUDED = {
  model: { select: { id: true, name: true } },
  corpus: { select: { id: true, name: true, source: true, documents: true } },
  _count: { select: { runs: true } },
} satisfies Prisma.HarvestInclude

type Row = Prisma.HarvestGetPayload<{ include: typeof INCLUDED }>

/** Newest first. */
export async function harvestSummaries(database: Database): Promise<HarvestSummary[]> {
  const rows = await database.prisma.harvest.findMany({
    include: INCLUDED,
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
  })
  return withJobs(database, rows)
}

export async function harvestSummary(database: Database, nameOrId: string): Promise<HarvestSummary> {
  const { id } = await requireHarvest(database, nameOrId)
  const row = await database.prisma.harvest.findUniqueOrThrow({ where: { id }, include: INCLUDED })
  return (await withJobs(database, [row]))[0]!
}

async function withJobs(database: Database, rows: Row[]): Promise<HarvestSummary[]> {
  const ids = rows.map(({ id }) => id)
  const jobs = await newestJobs(database, harvestJob, ids)
  return rows.map((row) => summarise(row, jobs.get(row.id) ?? null))
}

const StoredEngine = z.looseObject({ engine: z.string().optional() })

function summarise(row: Row, job: JobReference | null): HarvestSummary {
  return {
    id: row.id,
    name: row.name,
    model: row.model,
    corpus: row.corpus,
    hook: row.hook,
    targetHook: row.targetHook,
    dOut: row.dOut,
    gradients: row.gradients,
    dtype: row.dtype,
    contextSize: row.contextSize,
    dIn: row.dIn,
    seed: row.seed,
    tokensWanted: row.tokensWanted,
    tokens: row.tokens,
    trainShards: row.trainShards,
    shards: row.shards,
    medianNorm: row.medianNorm,
    excluded: StoredExcluded.nullable().parse(row.excluded),
    engine: StoredEngine.parse(row.provenance).engine ?? null,
    status: row.status,
    runs: row._count.runs,
    job,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  }
}

/** Number of runs that a page shows. */
const RUNS = 100

/** One harvest with its provenance, its size on disk and the runs trained on it. */
export async function harvestDetail(database: Database, nameOrId: string): Promise<HarvestDetail> {
  const summary = await harvestSummary(database, nameOrId)
  const [harvest, runs, bytes] = await Promise.all([
    requireHarvestById(database, summary.id),
    database.prisma.run.findMany({
      where: { harvestId: summary.id },
      select: { id: true, name: true, status: true, createdAt: true },
      orderBy: { createdAt: 'desc' },
      take: RUNS,
    }),
    storedBytes(database, summary.id),
  ])
  return {
    ...summary,
    provenance: provenanceOf(harvest),
    bytes,
    runList: runs.map(({ createdAt, ...run }) => ({ ...run, createdAt: createdAt.toISOString() })),
  }
}

/** The options that make this harvest again. */
export function optionsOf({ name, corpus, provenance }: HarvestDetail): HarvestOptions {
  const { gradients, ...made } = provenance
  return HarvestOptions.strip().parse({
    ...made,
    gradients: gradients !== undefined,
    corpus: corpus.source,
    name,
  })
}

/** On disk, with indexes. A harvest has its own partition of each table. */
async function storedBytes({ pool }: Database, id: string): Promise<number> {
  const { rows } = await pool.query<{ bytes: number | null }>(
    `SELECT sum(pg_total_relation_size(to_regclass(name || '_' || replace($1, '-', ''))))::float8 AS bytes
     FROM unnest(ARRAY['activation_shard', 'context_shard']) AS name`,
    [id],
  )
  return rows[0]?.bytes ?? 0
}
