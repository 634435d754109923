/** Examples as the server sends them to the page: texts and values in separate arrays, a third of the size of objects. */
import type { FeaturePage, ShownExample } from '../../lib/features/schema'

export interface PackedExample extends Omit<ShownExample, 'tokens'> {
  texts: string[]
  values: number[]
}

export interface ExampleGroup {
  /** For the address. */
  id: string
  name: string
  /** Description of the group. */
  about: string
  examples: PackedExample[]
}

export function packExample({ tokens, ...rest }: ShownExample): PackedExample {
  return { ...rest, texts: tokens.map(({ text }) => text), values: tokens.map(({ value }) => shorter(value)) }
}

/** Five digits are more than is ever shown. */
const shorter = (value: number) => Number(value.toPrecision(5))

const percent = (share: number) => `${+(share * 100).toFixed(1)}`

/** Top, the quantile intervals from the highest down, random draws; groups without examples are left out. */
export function exampleGroups({
  examples: { top, intervals, random },
}: {
  examples: FeaturePage['examples']
}): ExampleGroup[] {
  const groups = [
    { id: 'top', name: 'Top', about: 'The strongest activations, one of each context', examples: top },
    ...intervals.toReversed().map(({ from, to, lower, upper, examples }) => ({
      id: `${percent(from)}-${percent(to)}`,
      name: `${percent(from)}–${percent(to)} %`,
      about:
        `Drawn between the ${percent(from)} % and ${percent(to)} % quantiles of the feature’s activations: ` +
        `${+lower.toPrecision(3)} to ${+upper.toPrecision(3)}`,
      examples,
    })),
    { id: 'random', name: 'Random', about: 'Drawn from all tokens on which it fires', examples: random },
  ]
  return groups
    .filter(({ examples }) => examples.length > 0)
    .map(({ examples, ...group }) => ({ ...group, examples: examples.map(packExample) }))
}

/** Repeats agree in this many tokens, up to and including the example's token. */
const SAME_TOKENS = 6

/** Keeps the first of all examples that are repeats of each other. */
export function withoutRepeats(examples: readonly PackedExample[]): PackedExample[] {
  const seen = new Set<string>()
  return examples.filter(({ texts, position, start }) => {
    const end = position - start + 1
    const key = texts.slice(Math.max(0, end - SAME_TOKENS), end).join('\0')
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
