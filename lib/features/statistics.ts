/** How often the latents of a dictionary fire, small enough to draw: a histogram, and densities by rank. */
import { fitZipf, zipfDoubt, type FittedZipfLaw } from '../../trainer/sae/step/zipf/fit'
import type { Database } from '../db/connect'
import type { DensityPicture, FeatureSummary } from './schema'
import { DENSITY_DECADES, DENSITY_EDGES, readAllDensities, readFeatureSet } from './sets'

/** Ranks that are drawn; a logarithmic axis shows no more. */
const DRAWN_RANKS = 300

/** The histogram of `FeatureSummary`, of densities that are in memory. */
export function densityHistogram(densities: readonly number[]): FeatureSummary['density'] {
  const { from, to, bins } = DENSITY_DECADES
  const counts = new Array<number>(bins).fill(0)
  for (const density of densities) {
    if (density <= 0) continue
    const bin = Math.floor(((Math.log10(density) - from) / (to - from)) * bins)
    counts[Math.min(bins - 1, Math.max(0, bin))]!++
  }
  return { edges: DENSITY_EDGES, counts }
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

/** The law that was stored with densities; fits it now for densities that were stored without one. */
export function fittedThen(stored: FittedZipfLaw | null | undefined, densities: readonly number[]) {
  return stored === undefined ? fitZipf(densities) : stored
}

/** 1 … count, whole numbers about evenly apart on a logarithmic axis. */
export function drawnRanks(count: number, limit = DRAWN_RANKS): number[] {
  if (count <= limit) return Array.from({ length: count }, (_, at) => at + 1)
  const ranks = Array.from({ length: limit }, (_, at) => Math.round(count ** (at / (limit - 1))))
  return [...new Set(ranks)]
}

/** From the feature statistics of a dictionary; null while it has none. */
export async function featureDensities(database: Database, dictionaryId: string): Promise<CountedDensities | null> {
  const set = await readFeatureSet(database, dictionaryId)
  if (set?.status !== 'finished') return null
  const densities = await readAllDensities(database, dictionaryId)
  return { densities, source: 'features', tokens: set.tokens, zipf: fittedThen(set.summary?.zipf, densities) }
}
