/** Counts and distributions over all features of a dictionary, made once with the statistics. */
import type { Pool } from 'pg'
import { z } from 'zod'
import { fitZipf, zipfDoubt, type FittedZipfLaw } from '../../trainer/sae/step/zipf'
import type { Database } from '../db/connect'

/** Quarter decades from one in a million tokens to every token. */
const DENSITY_DECADES = { from: -6, to: 0, bins: 24 }
const EDGES = Array.from(
  { length: DENSITY_DECADES.bins + 1 },
  (_, edge) => DENSITY_DECADES.from + ((DENSITY_DECADES.to - DENSITY_DECADES.from) * edge) / DENSITY_DECADES.bins,
)
const SHARES = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1]

export const ZipfFit = z
  .strictObject({
    exponent: z.number().describe('s of scale · (rank + offset)^−s'),
    offset: z.number().describe('Added to the rank'),
    scale: z.number().describe('Factor'),
    r2: z.number().describe('Share of the variance of log density that the law explains, on the ranks fitted'),
    ranks: z.int().describe('Ranks fitted: the first 90% of those that fire'),
  })
  .nullable()
  .describe('Zipf law by least squares in log density; null where there is too little to fit')

export const FeatureSummary = z.strictObject({
  features: z.int().min(0).describe('features counted'),
  live: z.int().min(0).describe('features that fire at least once'),
  dead: z.int().min(0).describe('features that never fire'),
  tokens: z.number().min(0).describe('tokens the statistics were counted over'),
  density: z
    .strictObject({
      edges: z.array(z.number()).describe('bounds of the bins: log10 of the share of tokens a feature fires on'),
      counts: z.array(z.int().min(0)).describe('live features in each bin; the first one holds still rarer ones too'),
    })
    .describe('histogram of the live features'),
  maxActivation: z
    .array(z.strictObject({ share: z.number(), value: z.number() }))
    .describe('quantiles of the largest activation of each live feature; empty where none is live'),
  zipf: ZipfFit.optional(),
})
export type FeatureSummary = z.output<typeof FeatureSummary>

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
  const maxActivation = (quantiles ?? []).map((value, place) => ({ share: SHARES[place]!, value }))
  const zipf = fitZipf(firing.rows.map(({ density }) => density))
  return { features, live, dead: features - live, tokens, density: { edges: EDGES, counts }, maxActivation, zipf }
}

/** The same histogram of densities at hand. */
export function densityHistogram(densities: readonly number[]): FeatureSummary['density'] {
  const { from, to, bins } = DENSITY_DECADES
  const counts = new Array<number>(bins).fill(0)
  for (const density of densities) {
    if (density <= 0) continue
    const bin = Math.floor(((Math.log10(density) - from) / (to - from)) * bins)
    counts[Math.min(bins - 1, Math.max(0, bin))]!++
  }
  return { edges: EDGES, counts }
}

// MERGED HEADER of lib/features/statistics.ts: How often the latents of a dictionary fire, small enough to be drawn: a histogram, and densities by rank.

/** Ranks that are drawn; a logarithmic axis shows no more. */
const DRAWN_RANKS = 300

export interface DensityPicture {
  /** `run`: held-out tokens at the end of a run; `features`: the tokens that feature statistics were counted over. */
  source: 'run' | 'features'
  tokens: number
  latents: number
  live: number
  histogram: { edges: number[]; counts: number[] }
  /** Live latents from the densest on, ranks from 1; thinned to about 300, evenly on a logarithmic axis. */
  byRank: { rank: number[]; density: number[] }
  fit: FittedZipfLaw | null
  /** Why there is no fit, or why it says little; null for one to be believed. */
  fitDoubt: string | null
}

/** Densities as they were counted. */
export interface CountedDensities {
  /** `[d_sae]` share of tokens on which each latent fires. */
  densities: readonly number[]
  source: DensityPicture['source']
  tokens: number
  /** The law that was fitted when they were counted. */
  zipf: FittedZipfLaw | null
}

export function densityPicture({ densities, source, tokens, zipf }: CountedDensities): DensityPicture {
  const sorted = densities.filter((density) => density > 0).sort((a, b) => b - a)
  const rank = drawnRanks(sorted.length)
  return {
    source,
    tokens,
    latents: densities.length,
    live: sorted.length,
    histogram: densityHistogram(densities),
    byRank: { rank, density: rank.map((at) => sorted[at - 1]!) },
    fit: zipf,
    fitDoubt: zipfDoubt(zipf, sorted.length),
  }
}

/** The law that was stored with densities; those that were stored before laws were are fitted now. */
export function fittedThen(stored: FittedZipfLaw | null | undefined, densities: readonly number[]) {
  return stored === undefined ? fitZipf(densities) : stored
}

/** 1 … count, whole numbers about evenly apart on a logarithmic axis. */
export function drawnRanks(count: number, most = DRAWN_RANKS): number[] {
  if (count <= most) return Array.from({ length: count }, (_, at) => at + 1)
  const ranks = Array.from({ length: most }, (_, at) => Math.round(count ** (at / (most - 1))))
  return [...new Set(ranks)]
}

/** From the feature statistics of a dictionary; null while it has none. */
export async function featureDensities(
  { prisma, pool }: Database,
  dictionaryId: string,
): Promise<CountedDensities | null> {
  const set = await prisma.featureSet.findUnique({
    where: { dictionaryId },
    select: { status: true, tokens: true, summary: true },
  })
  if (set?.status !== 'finished') return null
  const { rows } = await pool.query<{ density: number }>(
    'SELECT density::float8 AS density FROM feature WHERE dictionary_id = $1',
    [dictionaryId],
  )
  const densities = rows.map(({ density }) => density)
  const summary = set.summary as unknown as FeatureSummary | null
  return { densities, source: 'features', tokens: set.tokens, zipf: fittedThen(summary?.zipf, densities) }
}
