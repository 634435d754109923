/** Ranks the features of an encoded text, by token and over the whole text. */
import type { FeatureFigures } from '../../lib/features/schema'
import type { Encoded } from './useEncoded'

export interface Firing {
  dictionary: string
  feature: number
  value: number
  /** Undefined before statistics are computed. */
  figures: FeatureFigures | undefined
}

export type EncodedDictionary = Pick<Encoded['dictionaries'][number], 'id' | 'name' | 'rows' | 'figures'>

/** The order of "strongest": by the activation, or by its share of the feature's usual maximum. */
export type Ranking = 'share' | 'value'

/** Value in units of the feature's maximum; 0 without statistics. */
export function shareOf({ value, figures }: Pick<Firing, 'value' | 'figures'>): number {
  return figures && figures.maxActivation > 0 ? value / figures.maxActivation : 0
}

/** For each token the features of all dictionaries that fire on it, strongest first. */
export function byToken(dictionaries: readonly EncodedDictionary[], ranking: Ranking): Firing[][] {
  const figuresOf = dictionaries.map(({ figures }) => new Map(figures.map((each) => [each.feature, each])))
  const tokens = dictionaries[0]?.rows.length ?? 0
  return Array.from({ length: tokens }, (_, at) =>
    dictionaries
      .flatMap(({ id, rows }, which) =>
        (rows[at] ?? []).map((firing): Firing => ({
          ...firing,
          dictionary: id,
          figures: figuresOf[which]!.get(firing.feature),
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
  /** Activation at each token, 0 where the feature is not among the strongest. */
  values: number[]
}

export type FeatureOrder = 'max' | 'sum'

/**
 * Every feature that fires on a counted token, by its largest share or by its sum over the text in units of its
 * maximum. Positions that are not counted have no influence.
 */
export function byFeature(tokens: readonly (readonly Firing[])[], counted: readonly boolean[], order: FeatureOrder) {
  const features = new Map<string, TextFeature>()
  for (const [at, firings] of tokens.entries()) {
    for (const { dictionary, feature, value, figures } of firings) {
      const key = `${dictionary}:${feature}`
      const entry = features.get(key) ?? {
        dictionary,
        feature,
        figures,
        max: 0,
        sum: 0,
        values: new Array<number>(tokens.length).fill(0),
      }
      features.set(key, entry)
      entry.values[at] = value
      if (!counted[at]) continue
      entry.max = Math.max(entry.max, value)
      entry.sum += value
    }
  }
  const scale = ({ figures }: TextFeature) => (figures && figures.maxActivation > 0 ? 1 / figures.maxActivation : 0)
  return [...features.values()]
    .filter(({ max }) => max > 0)
    .sort((a, b) => b[order] * scale(b) - a[order] * scale(a) || b[order] - a[order])
}
