/** Harvests as lists show them. */
import type { Database } from '../db/connect'
import type { Prisma, Status } from '../db/generated/client'
import { requireHarvest } from './rows'
import { newestJobs, type JobReference } from '../jobs/subject'
import { harvestProvenance, type HarvestProvenance } from '../../trainer/store/provenance'

export interface HarvestSummary {
  id: string
  name: string
  model: { id: string; name: string }
  corpus: { id: string; name: string; source: string; documents: number }
  hook: string
  /** What transcoders reconstruct, and its width; null without targets. */
  targetHook: string | null
  dOut: number | null
  /** Whether dLoss/dx is stored beside every activation. */
  gradients: boolean
  dtype: string
  contextSize: number
  dIn: number
  seed: number
  tokensWanted: number
  /** Without padding; null until planned. */
  tokens: number | null
  trainShards: number
  shards: number
  medianNorm: number | null
  /** Positions left out, by reason. */
  excluded: Record<string, number> | null
  /** Fingerprint of what computed it. */
  engine: string
  status: Status
  runs: number
  /** The newest job that works or worked on it. */
  job: JobReference | null
  /** ISO 8601. */
  createdAt: string
  finishedAt: string | null
}

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

export async function harvestSummary(database: Database, asked: string): Promise<HarvestSummary> {
  const { id } = await requireHarvest(database, asked)
  const row = await database.prisma.harvest.findUniqueOrThrow({ where: { id }, include: INCLUDED })
  return (await withJobs(database, [row]))[0]!
}

async function withJobs(database: Database, rows: Row[]): Promise<HarvestSummary[]> {
  const jobs = await newestJobs(
    database,
    'harvest',
    rows.map(({ id }) => id),
  )
  return rows.map((row) => summarise(row, jobs.get(row.id) ?? null))
}

function summarise(row: Row, job: JobReference | null): HarvestSummary {
  const { id, name, model, corpus, hook, dtype, contextSize, dIn, seed, tokensWanted, tokens } = row
  const { targetHook, dOut, gradients, trainShards, shards, medianNorm } = row
  const { excluded, provenance, status, createdAt, finishedAt } = row
  return {
    id,
    name,
    model,
    corpus,
    hook,
    dtype,
    contextSize,
    dIn,
    seed,
    tokensWanted,
    tokens,
    targetHook,
    dOut,
    gradients,
    trainShards,
    shards,
    medianNorm,
    status,
    job,
    runs: row._count.runs,
    excluded: excluded as Record<string, number> | null,
    engine: (provenance as { engine?: string }).engine ?? '',
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  }
}

// MERGED HEADER of lib/harvests/view.ts: One harvest with everything that tells it from others: hashes, size, what was made from it.

export interface HarvestDetail extends HarvestSummary {
  provenance: HarvestProvenance
  /** On disk, with indexes: activations and contexts. */
  bytes: number
  runList: { id: string; name: string; status: Status; createdAt: string }[]
}

/** Newest runs first, as many as a page shows. */
const RUNS = 100

export async function harvestDetail(database: Database, asked: string): Promise<HarvestDetail> {
  const summary = await harvestSummary(database, asked)
  const [{ provenance }, runs, bytes] = await Promise.all([
    database.prisma.harvest.findUniqueOrThrow({ where: { id: summary.id }, select: { provenance: true } }),
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
    provenance: harvestProvenance.parse(provenance),
    bytes,
    runList: runs.map(({ createdAt, ...run }) => ({ ...run, createdAt: createdAt.toISOString() })),
  }
}

/** A harvest has its own partition of each table. */
async function storedBytes({ pool }: Database, id: string): Promise<number> {
  const { rows } = await pool.query<{ bytes: number | null }>(
    `SELECT sum(pg_total_relation_size(to_regclass(name || '_' || replace($1, '-', ''))))::float8 AS bytes
     FROM unnest(ARRAY['activation_shard', 'context_shard']) AS name`,
    [id],
  )
  return rows[0]?.bytes ?? 0
}
