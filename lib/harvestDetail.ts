/** One harvest with everything that tells it from others: hashes, size, what was made from it. */
import type { Database } from './db/connect'
import { harvestSummary, type HarvestSummary } from './harvestSummaries'
import { harvestProvenance, type HarvestProvenance } from '../trainer/store/provenance'
import type { Status } from './db/generated/client'

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
