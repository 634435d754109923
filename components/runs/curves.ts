/** Which charts a run has: what was measured along it, and nothing that was not. */
import type { Curve } from '../charts/Curves'
import type { RunPoint } from './types'

export interface RunChart {
  /** What the chart is of, as `CHART_TITLES` and the names of thresholds and coefficients have it. */
  name: string
  curves: Curve[]
}

/** Of the parts of the loss. There are two hues beside that of their sum; the dash tells the third part from the first. */
const PART_LINES = [
  { hue: 'contrary' },
  { hue: 'ink-soft' },
  { hue: 'contrary', dash: [6, 3] },
  { hue: 'ink-soft', dash: [6, 3] },
  { hue: 'contrary', dash: [2, 2] },
  { hue: 'ink-soft', dash: [2, 2] },
] as const

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

/** What the number is for, by the settings of the run; undefined where nothing more can be said. */
export function meaningOf(name: string, { inference }: Readonly<Record<string, unknown>>): string | undefined {
  if (name === 'medianThreshold')
    return 'What an activation must exceed at inference: each latent has its own, and this is the median of those that are ever selected.'
  if (name !== 'threshold') return undefined
  // Of gradient dictionaries alone there are several rules of inference.
  return inference === undefined || inference === 'threshold'
    ? 'What an activation must exceed at inference.'
    : `Mean of the smallest selected activations. Inference is ${JSON.stringify(inference)} in this run and does not use it.`
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
  return names.map((name, at) => ({
    name,
    values: training((found) => found.parts?.[name]),
    ...PART_LINES[at % PART_LINES.length],
  }))
}

function namesIn(points: readonly RunPoint[], group: 'parts' | 'selection' | 'losses'): string[] {
  return Object.keys(points.find(({ metrics }) => metrics.training?.[group])?.metrics.training?.[group] ?? {})
}

function hasValue({ values }: Curve): boolean {
  return values.some((value) => value !== null)
}
