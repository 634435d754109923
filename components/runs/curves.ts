/** Which charts a run has: what was measured along it, and nothing that was not. */
import type { Curve } from '../charts/Curves'
import type { RunPoint } from './types'

export interface RunChart {
  /** What the chart is of, as `CHART_TITLES` and the names of thresholds and coefficients have it. */
  name: string
  curves: Curve[]
}

const HUES = ['accent', 'contrary', 'ink-soft'] as const

type Training = NonNullable<RunPoint['metrics']['training']>
type HeldOut = NonNullable<RunPoint['metrics']['heldOut']>
type Values = Curve['values']

/** Charts with at least one value, each over all points. */
export function runCharts(points: readonly RunPoint[]): RunChart[] {
  const training = (of: (found: Training) => number | null | undefined): Values =>
    points.map(({ metrics }) => (metrics.training ? (of(metrics.training) ?? null) : null))
  const heldOut = (of: (found: HeldOut) => number | null | undefined): Values =>
    points.map(({ metrics }) => (metrics.heldOut ? (of(metrics.heldOut) ?? null) : null))
  const byRules = (name: 'explainedVariance' | 'l0') => [
    curve(
      'training',
      training((found) => found[name]),
    ),
    curve(
      'held-out',
      heldOut((found) => found[name]),
      'contrary',
    ),
    curve(
      'held-out, training’s rule',
      heldOut((found) => found.byTraining?.[name]),
      'ink-soft',
    ),
  ]
  const one = (name: string, as: string, of: (found: Training) => number | null | undefined): RunChart => ({
    name,
    curves: [curve(as, training(of))],
  })
  const carried = (group: 'selection' | 'losses') =>
    namesIn(points, group).map((name) => one(name, name, (found) => found[group]?.[name]))
  const charts: RunChart[] = [
    {
      name: 'loss',
      curves: [
        curve(
          'loss',
          training((found) => found.loss),
        ),
        ...lossParts(points, training),
      ],
    },
    { name: 'explainedVariance', curves: byRules('explainedVariance') },
    { name: 'l0', curves: byRules('l0') },
    {
      name: 'deadLatents',
      curves: [
        curve(
          'dead',
          training((found) => found.deadLatents),
        ),
        curve(
          'dying',
          training((found) => found.dyingLatents),
          'contrary',
        ),
      ],
    },
    one('gradientNorm', 'norm', (found) => found.gradientNorm),
    one('learningRate', 'rate', (found) => found.learningRate),
    one('tokensPerSecond', 'tokens/s', (found) => found.tokensPerSecond),
    ...carried('selection'),
    ...carried('losses'),
  ]
  return charts
    .map(({ name, curves }) => ({ name, curves: curves.filter(hasValue) }))
    .filter(({ curves }) => curves.length > 0)
}

function curve(name: string, values: Values, hue: Curve['hue'] = 'accent'): Curve {
  return { name, values, hue }
}

/** The parts of the loss where there are several. */
function lossParts(
  points: readonly RunPoint[],
  training: (of: (found: Training) => number | null | undefined) => Values,
) {
  const names = namesIn(points, 'parts')
  if (names.length < 2) return []
  return names.map((name, at) =>
    curve(
      name,
      training((found) => found.parts?.[name]),
      HUES[1 + (at % 2)],
    ),
  )
}

function namesIn(points: readonly RunPoint[], group: 'parts' | 'selection' | 'losses'): string[] {
  return Object.keys(points.find(({ metrics }) => metrics.training?.[group])?.metrics.training?.[group] ?? {})
}

function hasValue({ values }: Curve): boolean {
  return values.some((value) => value !== null)
}
