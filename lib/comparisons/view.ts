/** Summarises the matches of two dictionaries for lists and charts. */
import type { Database } from '../db/connect'
import type { DictionaryRow } from '../dictionaries/rows'
import type { Matches } from '../evaluations/kinds'
import { featureFigures } from '../features/figures'
import type { Pair, StoredComparison } from './rows'
import type { ComparedSide, Comparison, MutualPair, OneWay } from './schema'

export interface SummaryOptions {
  /** Cosine from which two features count as the same. */
  threshold: number
  /** Of each list. */
  limit: number
}

/** A stored comparison with its summary, and figures of every feature in its lists. */
export async function comparisonView(
  database: Database,
  { a, b }: Pair,
  stored: StoredComparison,
  options: SummaryOptions,
): Promise<Comparison> {
  const { ofA, ofB, edges, mutual, pairs } = summariseComparison(stored, options)
  const side = async (row: DictionaryRow, way: OneWay, other: OneWay, paired: number[]): Promise<ComparedSide> => {
    const unmatched = way.unmatched.map(({ feature }) => feature)
    const nearest = other.unmatched.map((each) => each.nearest)
    const listed = new Set([...unmatched, ...paired, ...nearest])
    return { id: row.id, name: row.name, ...way, figures: await featureFigures(database, row, [...listed]) }
  }
  const pairedOf = (which: 'a' | 'b') => pairs.map((pair) => pair[which])
  return {
    a: await side(a, ofA, ofB, pairedOf('a')),
    b: await side(b, ofB, ofA, pairedOf('b')),
    threshold: options.threshold,
    edges,
    mutual,
    pairs,
    engine: stored.engine,
    computedAt: stored.computedAt,
  }
}

export interface ComparisonSummary {
  /** Of the histograms: one more than bins, ascending from 0 to 1. Cosines below 0 count in the first bin. */
  edges: number[]
  ofA: OneWay
  ofB: OneWay
  /** How many features are each other's best match, at the threshold or above. */
  mutual: number
  /** Features that are each other's best match, largest cosine first. */
  pairs: MutualPair[]
}

const BINS = 40

export function summariseComparison(
  { ofA, ofB }: Pick<StoredComparison, 'ofA' | 'ofB'>,
  { threshold, limit }: SummaryOptions,
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

function oneWay({ feature, cosine }: Matches, threshold: number, limit: number): OneWay {
  const histogram = new Array<number>(BINS).fill(0)
  for (const each of cosine) histogram[Math.min(BINS - 1, Math.max(0, Math.floor(each * BINS)))]! += 1
  const unmatched = cosine.flatMap((each, at) =>
    each < threshold ? [{ feature: at, nearest: feature[at]!, cosine: each }] : [],
  )
  return {
    features: cosine.length,
    matched: cosine.length - unmatched.length,
    meanCosine: cosine.reduce((sum, each) => sum + each, 0) / Math.max(1, cosine.length),
    histogram,
    unmatched: unmatched.sort((x, y) => x.cosine - y.cosine || x.feature - y.feature).slice(0, limit),
  }
}
