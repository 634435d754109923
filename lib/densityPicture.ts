/** How often the latents of a dictionary fire, small enough to be drawn: a histogram, and densities by rank. */
import { fitZipf, zipfDoubt, type FittedZipfLaw } from '../trainer/sae/zipf'
import type { Database } from './db/connect'
import { densityHistogram, type FeatureSummary } from './featureSummary'

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
