/** Tables of influence, with bootstrap intervals. */
import { bootstrapInterval, drawCounts, quantile, type Interval } from '../../../tensors/bootstrap'
import { createRandom } from '../../../tensors/random'
import type { Row } from '../definition'
import { LAMBDAS } from './definition'
import type { Effects } from './effects'

/** Effects of the directions of one kind: by direction, then by λ. */
export interface Group {
  name: string
  directions: readonly (readonly Effects[])[]
}

const DRAWS = 500
const MEASURES = ['maxLogit', 'kl', 'rank'] as const
type Measure = (typeof MEASURES)[number]

/** How often directions and contexts are drawn in one bootstrap sample. */
interface Draw {
  directions: Float64Array
  contexts: Float64Array
}

export function groupRows({ name, directions }: Group, seed: number): Row[] {
  return LAMBDAS.map((lambda, at) => {
    const row: Row = { directions: name, lambda, count: directions.length }
    for (const measure of MEASURES) {
      const matrix = directions.map((effects) => effects[at]![measure])
      const values = Float64Array.from(matrix.flat()).sort()
      row[measure] = values.length === 0 ? null : meanInterval(matrix, seed)
      row[`${measure}50`] = values.length === 0 ? null : quantile(values, 0.5)
      row[`${measure}90`] = values.length === 0 ? null : quantile(values, 0.9)
    }
    return row
  })
}

/** Of two groups in the same contexts: ratios of means, for ranks the difference. */
export function ratioRows(subject: Group, other: Group, seed: number): Row[] {
  return LAMBDAS.map((lambda, at) => {
    const compared = (measure: Measure, of: (a: number, b: number) => number): Interval | null => {
      const [a, b] = [subject, other].map(({ directions }) => directions.map((effects) => effects[at]![measure])) as [
        number[][],
        number[][],
      ]
      if (a[0]?.length === 0 || b[0]?.length === 0) return null
      const random = createRandom(`influence against ${other.name} ${seed}`)
      return bootstrapInterval(of(mean(a), mean(b)), DRAWS, () => {
        const contexts = drawCounts(random, a[0]!.length)
        const [first, second] = [a, b].map((m) => mean(m, { directions: drawCounts(random, m.length), contexts }))
        return of(first!, second!)
      })
    }
    return {
      against: other.name,
      lambda,
      maxLogit: compared('maxLogit', (a, b) => a / b),
      kl: compared('kl', (a, b) => a / b),
      rank: compared('rank', (a, b) => a - b),
    }
  })
}

function meanInterval(matrix: readonly (readonly number[])[], seed: number): Interval {
  const random = createRandom(`influence ${seed}`)
  return bootstrapInterval(mean(matrix), DRAWS, () =>
    mean(matrix, { directions: drawCounts(random, matrix.length), contexts: drawCounts(random, matrix[0]!.length) }),
  )
}

/** Over directions × contexts, each counted as often as it was drawn. */
function mean(matrix: readonly (readonly number[])[], draw?: Draw): number {
  let [sum, weight] = [0, 0]
  for (const [row, values] of matrix.entries()) {
    const times = draw ? draw.directions[row]! : 1
    if (times === 0) continue
    for (let column = 0; column < values.length; column++) {
      const both = times * (draw ? draw.contexts[column]! : 1)
      sum += both * values[column]!
      weight += both
    }
  }
  return sum / weight
}
