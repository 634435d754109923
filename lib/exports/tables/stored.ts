/** Reads the stored statistics and examples of a range of features. */
import type { Pool } from 'pg'
import { unpackFeature } from '../../../trainer/dashboards/pack'
import { EXAMPLE_WINDOW, type FeatureExample, type FeatureStatistics } from '../../../trainer/dashboards/types'
import { LoupeError } from '../../../trainer/errors'
import { readBinary } from '../../../trainer/store/binary'
import { shortFloat } from './floats'
import { requireNotCancelled, type ExportSource, type FeatureRange } from './source'

export interface StoredFeature {
  index: number
  density: number
  statistics: FeatureStatistics
}

/** The group of an example; only a quantile interval has shares and bounds. */
export interface ExampleGroup {
  name: string
  interval?: { from: number; to: number; lower: number; upper: number }
}

/** One example with the tokens around it. */
export interface StoredExample {
  feature: StoredFeature
  group: ExampleGroup
  rank: number
  example: FeatureExample
  document: number
  /** Position in the context of the window's first token. */
  start: number
  tokenIds: number[]
  /** Same length as `tokenIds`: 0 where the feature is silent. */
  values: number[]
}

/** Consecutive parts of a range, `size` features each. */
export function* subranges({ from, to }: FeatureRange, size: number): Generator<FeatureRange> {
  for (let start = from; start < to; start += size) yield { from: start, to: Math.min(to, start + size) }
}

/** Throws `not-found` when a feature of the range has no statistics. */
export async function storedFeatures(source: ExportSource, range: FeatureRange): Promise<StoredFeature[]> {
  requireNotCancelled(source)
  const { id, name } = source.dictionary
  const features = await readPacked(source.database.pool, id, range)
  const gap = features.findIndex(({ index }, at) => index !== range.from + at)
  const complete = gap < 0 ? features.length : gap
  if (complete === range.to - range.from) return features
  throw new LoupeError('not-found', `there are no statistics of feature ${range.from + complete} of ${name}`, {
    remedy: `compute them: loupe dashboards --dictionary ${name}`,
  })
}

async function readPacked(pool: Pool, id: string, { from, to }: FeatureRange): Promise<StoredFeature[]> {
  const text = `SELECT index, density, packed FROM feature
    WHERE dictionary_id = $1 AND index >= $2::int4 AND index < $3::int4 ORDER BY index`
  const features: StoredFeature[] = []
  for await (const [index, density, packed] of readBinary(pool, { text, values: [id, from, to] })) {
    const number = index!.readInt32BE()
    const statistics = unpackFeature(packed!, number)
    features.push({ index: number, density: shortFloat(density!.readFloatBE()), statistics })
  }
  return features
}

/** All stored examples of a range: by feature, then top examples, random examples, and intervals from the lowest. */
export async function storedExamples(source: ExportSource, range: FeatureRange): Promise<StoredExample[]> {
  const features = await storedFeatures(source, range)
  const grouped = features.flatMap((feature) =>
    groupsOf(feature.statistics).flatMap(({ group, examples }) =>
      examples.map((example, rank) => ({ feature, group, rank, example })),
    ),
  )
  await source.contexts.load(new Set(grouped.map(({ example }) => example.context)))
  return grouped.map((item) => ({ ...item, ...windowOf(source, item.example) }))
}

function groupsOf({
  top,
  random,
  intervals,
}: FeatureStatistics): { group: ExampleGroup; examples: FeatureExample[] }[] {
  return [
    { group: { name: 'top' }, examples: top },
    { group: { name: 'random' }, examples: random },
    ...intervals.map(({ examples, ...interval }) => ({
      group: { name: `quantile ${interval.from}-${interval.to}`, interval },
      examples,
    })),
  ]
}

/** All positions with stored activations of the example: up to `EXAMPLE_WINDOW` on each side, within the context. */
function windowOf({ contexts }: ExportSource, { context, position, positions, values }: FeatureExample) {
  const { document, tokens } = contexts.get(context)
  const start = Math.max(0, position - EXAMPLE_WINDOW)
  const tokenIds = Array.from(tokens.subarray(start, position + EXAMPLE_WINDOW + 1))
  const dense = new Array<number>(tokenIds.length).fill(0)
  positions.forEach((at, i) => {
    if (at >= start && at - start < dense.length) dense[at - start] = shortFloat(values[i]!)
  })
  return { document, start, tokenIds, values: dense }
}
