/** The packed form of the statistics of a feature. */
import { LoupeError } from '../errors'
import { ByteReader, ByteWriter } from './bytes'
import { LOGIT_METHODS, type FeatureExample, type FeatureStatistics, type QuantileInterval } from './types'

/**
 * The packed row of a feature, version 1. Little-endian; v = varint (LEB128), f = float32, u16 = unsigned 16 bit.
 *
 *   u8 version · v tokens · v context size · v firings · f max · f mean
 *   v bins, { v count }
 *   v slots, { v context (difference to the slot before) · v n, { v position (difference) } · n × u16 value }
 *   example = { v slot · v index of its own position in the slot }
 *   v top, { example } · v random, { example }
 *   v intervals, { f from · f to · f lower · f upper · v n, { example } }
 *   v top tokens, { v token · f mean · v fires · v occurrences }
 *   u8 logit method · v top, { v token · f logit } · v bottom, { v token · f logit }
 *   v neighbours, { v feature · f cosine }
 *   u32 CRC-32 of everything before
 *
 * A slot is a context with the feature's activations in it, stored once for all examples that show it. Its values are
 * round(value / max × 65535), at least 1: the feature's maximum is exact, and the error at most max / 65535.
 * Token text is not stored here: it is read from `context_shard`.
 */
const VERSION = 1
const VALUE_STEPS = 65_535
/** Limits that a valid row never exceeds; a wrong length then fails instead of allocating memory. */
const MOST_ITEMS = 100_000

type Slot = Pick<FeatureExample, 'context' | 'positions' | 'values'>

export function packFeature(statistics: FeatureStatistics, writer = new ByteWriter()): Buffer {
  const { histogram, top, random, intervals, topTokens, logits, neighbours, maxActivation } = statistics
  writer.u8(VERSION)
  for (const count of [statistics.tokens, statistics.contextSize, statistics.fireCount]) writer.varint(count)
  writer.f32(maxActivation)
  writer.f32(statistics.meanActivation)
  writeList(writer, histogram, (count) => writer.varint(count))

  const slots = collectSlots([...top, ...random, ...intervals.flatMap(({ examples }) => examples)])
  writeSlots(writer, slots, maxActivation)
  const slotOf = new Map(slots.map((slot, index) => [slot.positions, index]))
  const example = (item: FeatureExample): void => {
    writer.varint(slotOf.get(item.positions)!)
    writer.varint(item.positions.indexOf(item.position))
  }
  writeList(writer, top, example)
  writeList(writer, random, example)
  writeList(writer, intervals, (interval) => {
    for (const value of [interval.from, interval.to, interval.lower, interval.upper]) writer.f32(value)
    writeList(writer, interval.examples, example)
  })
  writeList(writer, topTokens, ({ token, mean, fires, occurrences }) => {
    writer.varint(token)
    writer.f32(mean)
    writer.varint(fires)
    writer.varint(occurrences)
  })
  writer.u8(LOGIT_METHODS.indexOf(logits.method))
  for (const side of [logits.top, logits.bottom]) {
    writeList(writer, side, ({ token, logit }) => {
      writer.varint(token)
      writer.f32(logit)
    })
  }
  writeList(writer, neighbours, ({ feature, cosine }) => {
    writer.varint(feature)
    writer.f32(cosine)
  })
  return writer.finish()
}

function writeList<T>(writer: ByteWriter, items: readonly T[], write: (item: T) => void): void {
  writer.varint(items.length)
  for (const item of items) write(item)
}

/** Distinct lists in order of their context; examples that share lists share the slot. */
function collectSlots(examples: readonly FeatureExample[]): Slot[] {
  const byList = new Map<readonly number[], Slot>()
  for (const example of examples) {
    if (!example.positions.includes(example.position)) {
      throw new LoupeError('bad-input', `an example refers to position ${example.position}, which does not fire`)
    }
    if (!byList.has(example.positions)) byList.set(example.positions, example)
  }
  return [...byList.values()].sort((a, b) => a.context - b.context || a.positions[0]! - b.positions[0]!)
}

function writeSlots(writer: ByteWriter, slots: readonly Slot[], max: number): void {
  let context = 0
  writeList(writer, slots, (slot) => {
    writer.varint(slot.context - context)
    context = slot.context
    let position = 0
    writeList(writer, slot.positions, (next) => {
      writer.varint(next - position)
      position = next
    })
    for (const value of slot.values) writer.u16(Math.max(1, Math.round((value / max) * VALUE_STEPS)))
  })
}

/** The inverse of `packFeature`; values of examples are rounded by it. Throws `LoupeError` for a damaged row. */
export function unpackFeature(bytes: Uint8Array, feature?: number): FeatureStatistics {
  const what = feature === undefined ? 'feature statistics' : `statistics of feature ${feature}`
  const reader = new ByteReader(bytes, what)
  const version = reader.u8()
  if (version !== VERSION) {
    throw new LoupeError('unsupported', `the stored ${what} have format ${version}, this Loupe reads ${VERSION}`, {
      remedy: version > VERSION ? 'use a newer Loupe' : 'compute them again: loupe dashboards --dictionary NAME',
    })
  }
  const head = { tokens: reader.varint(), contextSize: reader.varint(), fireCount: reader.varint() }
  const maxActivation = reader.f32()
  const meanActivation = reader.f32()
  const histogram = reader.list(MOST_ITEMS, () => reader.varint())
  const slots = readSlots(reader, head.contextSize, maxActivation)
  const example = (): FeatureExample => readExample(reader, slots)
  const statistics = {
    ...head,
    maxActivation,
    meanActivation,
    histogram,
    top: reader.list(MOST_ITEMS, example),
    random: reader.list(MOST_ITEMS, example),
    intervals: reader.list(MOST_ITEMS, () => readInterval(reader, example)),
    topTokens: reader.list(MOST_ITEMS, () => ({
      token: reader.varint(),
      mean: reader.f32(),
      fires: reader.varint(),
      occurrences: reader.varint(),
    })),
    logits: readLogits(reader),
    neighbours: reader.list(MOST_ITEMS, () => ({ feature: reader.varint(), cosine: reader.f32() })),
  }
  reader.finish()
  return statistics
}

function readSlots(reader: ByteReader, contextSize: number, max: number): Slot[] {
  let context = 0
  return reader.list(MOST_ITEMS, () => {
    context += reader.varint()
    let position = 0
    const positions = reader.list(contextSize, () => (position += reader.varint(contextSize)))
    if (position >= contextSize) throw reader.damaged(`position ${position} in a context of ${contextSize}`)
    const values = positions.map(() => (reader.u16() / VALUE_STEPS) * max)
    return { context, positions, values }
  })
}

function readExample(reader: ByteReader, slots: readonly Slot[]): FeatureExample {
  const slot = slots[reader.varint()]
  if (!slot) throw reader.damaged('an example points beyond the contexts')
  const at = reader.varint()
  const position = slot.positions[at]
  if (position === undefined) throw reader.damaged('an example points beyond its context')
  return {
    context: slot.context,
    position,
    activation: slot.values[at]!,
    positions: slot.positions,
    values: slot.values,
  }
}

function readInterval(reader: ByteReader, example: () => FeatureExample): QuantileInterval {
  const [from, to, lower, upper] = [reader.f32(), reader.f32(), reader.f32(), reader.f32()]
  // Shares are decimal numbers of two digits; float32 would show 0.9 as 0.8999999761581421.
  const share = (value: number): number => Math.round(value * 1e4) / 1e4
  return { from: share(from), to: share(to), lower, upper, examples: reader.list(MOST_ITEMS, example) }
}

function readLogits(reader: ByteReader): FeatureStatistics['logits'] {
  const method = LOGIT_METHODS[reader.u8()]
  if (!method) throw reader.damaged('unknown logit method')
  const side = (): { token: number; logit: number }[] =>
    reader.list(MOST_ITEMS, () => ({ token: reader.varint(), logit: reader.f32() }))
  return { method, top: side(), bottom: side() }
}
