/** How often the latents of a dictionary fire, small enough to be drawn: a histogram, and densities by rank. */
import { fitZipf, type FittedZipfLaw } from '../trainer/sae/zipf'
import type { Database } from './db/connect'
import { densityHistogram } from './featureSummary'

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
}

/** @param densities `[d_sae]` share of tokens on which each latent fires */
export function densityPicture(
  densities: readonly number[],
  origin: Pick<DensityPicture, 'source' | 'tokens'>,
): DensityPicture {
  const sorted = densities.filter((density) => density > 0).sort((a, b) => b - a)
  const rank = drawnRanks(sorted.length)
  return {
    ...origin,
    latents: densities.length,
    live: sorted.length,
    histogram: densityHistogram(densities),
    byRank: { rank, density: rank.map((at) => sorted[at - 1]!) },
    fit: fitZipf(sorted),
  }
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
): Promise<{ densities: number[]; tokens: number } | null> {
  const set = await prisma.featureSet.findUnique({ where: { dictionaryId }, select: { status: true, tokens: true } })
  if (set?.status !== 'finished') return null
  const { rows } = await pool.query<{ density: number }>(
    'SELECT density::float8 AS density FROM feature WHERE dictionary_id = $1',
    [dictionaryId],
  )
  return { densities: rows.map(({ density }) => density), tokens: set.tokens }
}
