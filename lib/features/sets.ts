/** The statistics of a whole dictionary: the row of `feature_set`, and the summary that is counted over all features. */
import type { Pool } from 'pg'
import type { LogitMethod } from '../../trainer/dashboards/types'
import { fitZipf } from '../../trainer/sae/step/zipf/fit'
import type { Database } from '../db/connect'
import { Prisma, type Status } from '../db/generated/client'
import { FeatureSummary } from './schema'

export interface FeatureSet {
  status: Status
  /** Tokens the statistics were counted over; 0 until finished. */
  tokens: number
  /** Null until finished. */
  summary: FeatureSummary | null
}

/** A stored summary, as it leaves the database. */
export function parseSummary(stored: unknown): FeatureSummary | null {
  return FeatureSummary.nullable().parse(stored)
}

/** Null for a dictionary whose features were never counted. */
export async function readFeatureSet({ prisma }: Database, dictionaryId: string): Promise<FeatureSet | null> {
  const set = await prisma.featureSet.findUnique({
    where: { dictionaryId },
    select: { status: true, tokens: true, summary: true },
  })
  return set && { ...set, summary: parseSummary(set.summary) }
}

/** Marks the statistics of a dictionary as running; what was counted before is replaced. */
export async function startFeatureSet(
  { prisma }: Database,
  spec: { dictionary: string; harvest: string; shards: number; seed: number },
  logitMethod: LogitMethod,
): Promise<void> {
  const data = {
    harvestId: spec.harvest,
    tokens: 0,
    config: { shards: spec.shards, seed: spec.seed, logitMethod },
    summary: Prisma.DbNull,
    status: 'running' as const,
    finishedAt: null,
  }
  await prisma.featureSet.upsert({
    where: { dictionaryId: spec.dictionary },
    create: { dictionaryId: spec.dictionary, ...data },
    update: data,
  })
}

/** Counts the summary over all features and marks the statistics as finished. */
export async function finishFeatureSet(
  { prisma, pool }: Database,
  dictionaryId: string,
  tokens: number,
): Promise<FeatureSummary> {
  const summary = await summariseFeatures(pool, dictionaryId, tokens)
  await prisma.featureSet.update({
    where: { dictionaryId },
    data: { tokens, summary, status: 'finished', finishedAt: new Date() },
  })
  return summary
}

/** `[d_sae]` share of the counted tokens on which each feature fires. */
export async function readAllDensities({ pool }: Database, dictionaryId: string): Promise<number[]> {
  const { rows } = await pool.query<{ density: number }>(
    'SELECT density::float8 AS density FROM feature WHERE dictionary_id = $1',
    [dictionaryId],
  )
  return rows.map(({ density }) => density)
}

/** Bins of a histogram of densities: quarter decades from one in a million tokens to every token. */
export const DENSITY_DECADES = { from: -6, to: 0, bins: 24 }
export const DENSITY_EDGES = Array.from(
  { length: DENSITY_DECADES.bins + 1 },
  (_, edge) => DENSITY_DECADES.from + ((DENSITY_DECADES.to - DENSITY_DECADES.from) * edge) / DENSITY_DECADES.bins,
)

/** Quantiles of the largest activations. */
const SHARES = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1]

/** Reads the narrow columns of every feature once. */
export async function summariseFeatures(pool: Pool, dictionaryId: string, tokens: number): Promise<FeatureSummary> {
  const { from, to, bins } = DENSITY_DECADES
  const counted = await pool.query<{ features: number; live: number; quantiles: number[] | null }>(
    `SELECT count(*)::int AS features, count(*) FILTER (WHERE fire_count > 0)::int AS live,
            percentile_cont($2::float8[]) WITHIN GROUP (ORDER BY max_activation) FILTER (WHERE fire_count > 0) AS quantiles
     FROM feature WHERE dictionary_id = $1`,
    [dictionaryId, SHARES],
  )
  const binned = await pool.query<{ bin: number; count: number }>(
    `SELECT least(greatest(width_bucket(log(density::float8), $2, $3, $4), 1), $4) - 1 AS bin, count(*)::int AS count
     FROM feature WHERE dictionary_id = $1 AND density > 0 GROUP BY 1`,
    [dictionaryId, from, to, bins],
  )
  const firing = await pool.query<{ density: number }>(
    'SELECT density::float8 AS density FROM feature WHERE dictionary_id = $1 AND density > 0',
    [dictionaryId],
  )
  const { features, live, quantiles } = counted.rows[0]!
  const counts = new Array<number>(bins).fill(0)
  for (const { bin, count } of binned.rows) counts[bin] = count
  return {
    features,
    live,
    dead: features - live,
    tokens,
    density: { edges: DENSITY_EDGES, counts },
    maxActivation: (quantiles ?? []).map((value, place) => ({ share: SHARES[place]!, value })),
    zipf: fitZipf(firing.rows.map(({ density }) => density)),
  }
}
