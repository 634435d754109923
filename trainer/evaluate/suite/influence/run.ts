/** Influence of directions on predictions, computed. */
import * as tf from '@tensorflow/tfjs-core'
import { setTimeout } from 'node:timers/promises'
import { LoupeError } from '../../../errors'
import { PADDING } from '../../../positions'
import type { Stage } from '../../../progress'
import type { Dictionary } from '../../../sae/dictionary/dictionary'
import { createRandom } from '../../../tensors/random'
import { tidyToHost } from '../../../tensors/tidyToHost'
import type { SuiteInput, SuitePart, SuiteRunner } from '../runner'
import { groupRows, ratioRows, type Group } from './aggregate'
import { LAMBDAS, type InfluenceSettings } from './definition'
import { LastPositionProbe, type Change, type Effects } from './effects'

/** Directions of one part: a minute or two of work. */
const PART_DIRECTIONS = 25
const BREAK_MS = 5
/** More contexts are drawn than needed: some are too short or end at a sink. */
const SPARE = 4

const GROUPS = ['dictionary', 'random', 'control'] as const
type GroupName = (typeof GROUPS)[number]

interface PartResult {
  group: GroupName
  /** Name of the control dictionary, for its group. */
  name: string
  live: number
  scale: number
  contexts: number
  directions: Effects[][]
}

/** Numbers of directions run through the groups one after the other: `features` of each. */
export const influenceRunner: SuiteRunner<InfluenceSettings, PartResult> = {
  plan({ features, contexts, prefix }, { hasControl }) {
    const parts: SuitePart[] = []
    for (let group = 0; group < (hasControl ? 3 : 2); group++) {
      for (let first = 0; first < features; first += PART_DIRECTIONS) {
        const [from, to] = [first, Math.min(features, first + PART_DIRECTIONS)].map((at) => group * features + at)
        const tokens = (to! - from!) * LAMBDAS.length * contexts + contexts * prefix
        parts.push({ from: from!, to: to!, tokens })
      }
    }
    return parts
  },

  async run(settings, part, input, stage) {
    const group = GROUPS[Math.floor(part.from / settings.features)]!
    const begin = part.from % settings.features
    const probe = await input.keep(`influence ${JSON.stringify(settings)}`, () => openProbe(settings, input))
    const { directions, live, name } = await directionsOf(group, settings, input, stage)
    const drawn = directions.slice(begin, begin + part.to - part.from)
    const measured = await measure(
      probe,
      input,
      drawn,
      (share) => stage.report(share * part.tokens, part.tokens),
      stage,
    )
    return { group, name, live, scale: probe.scale, contexts: probe.contexts, directions: measured }
  },

  finish(settings, parts) {
    const groups = GROUPS.map((group): Group => {
      const members = parts.filter((part) => part.group === group)
      return { name: members[0]?.name ?? group, directions: members.flatMap(({ directions }) => directions) }
    }).filter(({ directions }) => directions.length > 0)
    const subject = groups[0]!
    const others = groups.slice(1)
    const { live, scale, contexts } = parts[0]!
    return {
      tables: {
        ratios: others.flatMap((other) => ratioRows(subject, other, settings.seed)),
        groups: groups.flatMap((group) => groupRows(group, settings.seed)),
      },
      notes: [
        `${subject.directions.length} of ${live} live latents × ${contexts} held-out contexts of ${settings.prefix} tokens`,
        `mean norm at the hook s = ${scale.toPrecision(4)}`,
      ],
    }
  },
}

async function openProbe({ contexts, prefix, seed }: InfluenceSettings, input: SuiteInput): Promise<LastPositionProbe> {
  const { tokens, contextSize } = await input.heldOutContexts(SPARE * contexts, seed)
  const positions = Math.min(prefix, contextSize)
  const whole: number[] = []
  for (let from = 0; from < tokens.length; from += contextSize) {
    const beginning = tokens.subarray(from, from + positions)
    if (!beginning.includes(PADDING)) whole.push(...beginning)
  }
  const count = whole.length / positions
  if (count < contexts) {
    throw new LoupeError('bad-input', `only ${count} held-out contexts have ${positions} tokens, ${contexts} wanted`, {
      remedy: 'use fewer --contexts, a smaller --prefix, or a harvest with more text',
    })
  }
  const { model, hook, medianNorm } = input
  return new LastPositionProbe(model, hook, { tokens: Int32Array.from(whole), positions, contexts, medianNorm })
}

/** All unit directions of a group in the order drawn. */
async function directionsOf(group: GroupName, settings: InfluenceSettings, input: SuiteInput, stage: Stage) {
  const { dictionary } = group === 'control' ? input.control! : input
  const name = group === 'control' ? input.control!.name : group === 'random' ? 'random directions' : 'this dictionary'
  const key = `live ${group === 'control'} ${settings.liveTokens}`
  const { live } = await input.keep(key, async () => ({
    live: await liveLatents(dictionary, input, settings.liveTokens, stage.signal),
    dispose: () => undefined,
  }))
  if (group !== 'random') {
    const order = createRandom(`influence ${settings.seed}`).permutation(live.length)
    const drawn = [...order.subarray(0, settings.features)].map((at) => live[at]!)
    return { directions: drawn.map((feature) => unit(dictionary.direction(feature))), live: live.length, name }
  }
  const directions = Array.from({ length: settings.features }, (_, at) => {
    const random = createRandom(`influence direction ${settings.seed} ${at}`)
    return unit(Float32Array.from({ length: dictionary.d_in }, () => random.normal()))
  })
  return { directions, live: live.length, name }
}

async function liveLatents(
  dictionary: Dictionary,
  input: SuiteInput,
  tokens: number,
  signal: AbortSignal,
): Promise<number[]> {
  const fired = new Uint8Array(dictionary.d_sae)
  let seen = 0
  for await (const { n, x } of input.heldOutRows()) {
    if (signal.aborted) throw new LoupeError('cancelled', 'the evaluation was cancelled')
    const codes = tidyToHost(() => dictionary.encode(tf.tensor2d(x, [n, dictionary.d_in])))
    for (const latent of codes.indices) fired[latent] = 1
    if ((seen += n) >= tokens) break
  }
  const live = [...fired.keys()].filter((latent) => fired[latent] === 1)
  if (live.length > 0) return live
  throw new LoupeError('bad-input', `no latent fired on ${seen} held-out tokens`, {
    remedy: 'use a harvest with held-out text, or train the dictionary longer',
  })
}

async function measure(
  probe: LastPositionProbe,
  input: SuiteInput,
  directions: readonly Float32Array[],
  report: (share: number) => void,
  { signal }: Stage,
): Promise<Effects[][]> {
  const tokens = promotedTokens(input, directions)
  const changes = directions.flatMap((direction, at) =>
    LAMBDAS.map((lambda): Change => {
      const vector = direction.map((value) => value * lambda * probe.scale)
      return { vector, token: tokens?.[at] }
    }),
  )
  const effects: Effects[] = []
  for (let from = 0; from < changes.length; from += probe.width) {
    if (signal.aborted) throw new LoupeError('cancelled', 'the evaluation was cancelled')
    effects.push(...probe.effects(changes.slice(from, from + probe.width)).map(rounded))
    report(effects.length / changes.length)
    await setTimeout(BREAK_MS)
  }
  return directions.map((_, at) => effects.slice(at * LAMBDAS.length, (at + 1) * LAMBDAS.length))
}

function promotedTokens(input: SuiteInput, directions: readonly Float32Array[]): number[] | null {
  if (directions.length === 0) return null
  return tidyToHost(() => {
    const flat = Float32Array.from(directions.flatMap((direction) => [...direction]))
    return input.promoted(tf.tensor2d(flat, [directions.length, directions[0]!.length]))
  })
}

function unit(direction: Float32Array): Float32Array {
  const norm = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0))
  return norm === 0 ? direction : direction.map((value) => value / norm)
}

/** Six digits are more than the measurement has; they keep the rows of parts small. */
function rounded({ maxLogit, kl, rank }: Effects): Effects {
  const round = (values: readonly number[]) => values.map((value) => Number(value.toPrecision(6)))
  return { maxLogit: round(maxLogit), kl: round(kl), rank: round(rank) }
}
