/** What lists and charts show of two dictionaries' matches. */
import type { Matches, StoredComparison } from './rows'

export interface ComparisonSummary {
  /** Of the histograms: one more than bins, ascending from 0 to 1. Cosines below 0 count in the first bin. */
  edges: number[]
  ofA: WaySummary
  ofB: WaySummary
  /** How many features are each other's best match, at the threshold or above. */
  mutual: number
  /** Features that are each other's best match, largest cosine first. */
  pairs: { a: number; b: number; cosine: number }[]
}

export interface WaySummary {
  features: number
  /** Features whose best match has the threshold's cosine or more. */
  matched: number
  meanCosine: number
  /** Features by the cosine of their best match. */
  histogram: number[]
  /** Features without such a match, the loneliest first. */
  unmatched: { feature: number; nearest: number; cosine: number }[]
}

const BINS = 40

/**
 * @param threshold cosine from which on two features count as the same
 * @param limit of each list
 */
export function summariseComparison(
  { ofA, ofB }: Pick<StoredComparison, 'ofA' | 'ofB'>,
  { threshold, limit }: { threshold: number; limit: number },
): ComparisonSummary {
  const mutual = ofA.feature.flatMap((b, a) => (ofB.feature[b] === a ? [{ a, b, cosine: ofA.cosine[a]! }] : []))
  return {
    edges: Array.from({ length: BINS + 1 }, (_, bin) => bin / BINS),
    ofA: oneWay(ofA, threshold, limit),
    ofB: oneWay(ofB, threshold, limit),
    mutual: mutual.filter(({ cosine }) => cosine >= threshold).length,
    pairs: mutual.sort((x, y) => y.cosine - x.cosine || x.a - y.a).slice(0, limit),
  }
}

function oneWay({ feature, cosine }: Matches, threshold: number, limit: number): WaySummary {
  const histogram = new Array<number>(BINS).fill(0)
  for (const each of cosine) histogram[Math.min(BINS - 1, Math.max(0, Math.floor(each * BINS)))]! += 1
  const lonely = cosine.flatMap((each, at) =>
    each < threshold ? [{ feature: at, nearest: feature[at]!, cosine: each }] : [],
  )
  return {
    features: cosine.length,
    matched: cosine.length - lonely.length,
    meanCosine: cosine.reduce((sum, each) => sum + each, 0) / Math.max(1, cosine.length),
    histogram,
    unmatched: lonely.sort((x, y) => x.cosine - y.cosine || x.feature - y.feature).slice(0, limit),
  }
}
