/** From an encoded text to what the page lists: the strongest features by token, and over the whole text. */
import type { FeatureFigures } from '../../lib/features/figures'

export interface Firing {
  dictionary: string
  feature: number
  value: number
  /** Undefined before statistics are computed. */
  figures: FeatureFigures | undefined
}

export interface EncodedDictionary {
  id: string
  name: string
  rows: { feature: number; value: number }[][]
  figures: FeatureFigures[]
}

/** What "strongest" means: the value itself, or its share of the feature's usual maximum. */
export type Ranking = 'share' | 'value'

/** Value in units of the feature's maximum; without statistics, of nothing known: 0. */
export function shareOf({ value, figures }: Pick<Firing, 'value' | 'figures'>): number {
  return figures && figures.maxActivation > 0 ? value / figures.maxActivation : 0
}

/** For each token the features that fire on it, of all dictionaries together, strongest first. */
export function byToken(dictionaries: readonly EncodedDictionary[], ranking: Ranking): Firing[][] {
  const known = dictionaries.map(({ figures }) => new Map(figures.map((each) => [each.feature, each])))
  const tokens = dictionaries[0]?.rows.length ?? 0
  return Array.from({ length: tokens }, (_, at) =>
    dictionaries
      .flatMap(({ id, rows }, which) =>
        (rows[at] ?? []).map((firing): Firing => ({
          ...firing,
          dictionary: id,
          figures: known[which]!.get(firing.feature),
        })),
      )
      .sort((a, b) => strength(b, ranking) - strength(a, ranking)),
  )
}

const strength = (firing: Firing, ranking: Ranking) => (ranking === 'value' ? firing.value : shareOf(firing))

export interface TextFeature extends Omit<Firing, 'value'> {
  /** Largest value over the counted tokens. */
  max: number
  sum: number
  /** Activation at each token, 0 where it is not among the token's strongest. */
  values: number[]
}

export type FeatureOrder = 'max' | 'sum'

/**
 * Every feature that fires on a counted token, by its largest share or by its sum over the text in units of its
 * maximum. Positions that do not count neither rank nor list a feature.
 */
export function byFeature(tokens: readonly (readonly Firing[])[], counted: readonly boolean[], order: FeatureOrder) {
  const found = new Map<string, TextFeature>()
  for (const [at, firings] of tokens.entries()) {
    for (const { dictionary, feature, value, figures } of firings) {
      const key = `${dictionary}:${feature}`
      const entry = found.get(key) ?? {
        dictionary,
        feature,
        figures,
        max: 0,
        sum: 0,
        values: new Array<number>(tokens.length).fill(0),
      }
      found.set(key, entry)
      entry.values[at] = value
      if (!counted[at]) continue
      entry.max = Math.max(entry.max, value)
      entry.sum += value
    }
  }
  const scale = ({ figures }: TextFeature) => (figures && figures.maxActivation > 0 ? 1 / figures.maxActivation : 0)
  return [...found.values()]
    .filter(({ max }) => max > 0)
    .sort((a, b) => b[order] * scale(b) - a[order] * scale(a) || b[order] - a[order])
}
