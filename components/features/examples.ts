/** Examples as they travel from the server to the page: texts and values apart, a third of the size of objects. */
import type { FeaturePage, ShownExample } from '../../lib/features/page'

export interface PackedExample extends Omit<ShownExample, 'tokens'> {
  texts: string[]
  values: number[]
}

export interface ExampleGroup {
  /** For the address. */
  id: string
  name: string
  /** What the group holds, in words. */
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
        `Drawn between the ${percent(from)} % and ${percent(to)} % quantiles of its own activations: ` +
        `${+lower.toPrecision(3)} to ${+upper.toPrecision(3)}`,
      examples,
    })),
    { id: 'random', name: 'Random', about: 'Drawn from all tokens on which it fires', examples: random },
  ]
  return groups
    .filter(({ examples }) => examples.length > 0)
    .map(({ examples, ...group }) => ({ ...group, examples: examples.map(packExample) }))
}

/** Tokens up to and with the example's own that have to agree. */
const SAME_TOKENS = 6

/** The first of all examples that agree in the tokens up to their own. */
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
