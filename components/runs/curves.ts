/** The charts of a run: one for each figure that was measured along it. */
import type { RunPoint } from '../../lib/runs/schema'
import type { Curve } from '../charts/Curves'

export interface RunChart {
  /** The figure: a key of `TITLES`, or the name of a threshold or coefficient. */
  name: string
  curves: Curve[]
}

/** Lines of the parts of the loss. Two hues are left besides that of the sum, so dashes distinguish further parts. */
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
  const training = (read: (figures: Training) => number | null | undefined): Values =>
    points.map(({ metrics }) => (metrics.training ? (read(metrics.training) ?? null) : null))
  const heldOut = (read: (figures: HeldOut) => number | null | undefined): Values =>
    points.map(({ metrics }) => (metrics.heldOut ? (read(metrics.heldOut) ?? null) : null))
  const byRules = (name: 'explainedVariance' | 'l0') => [
    curve(
      'training',
      training((figures) => figures[name]),
    ),
    curve(
      'held-out',
      heldOut((figures) => figures[name]),
      'contrary',
    ),
    curve(
      'held-out, training rule',
      heldOut((figures) => figures.byTraining?.[name]),
      'ink-soft',
    ),
  ]
  const one = (name: string, label: string, read: (figures: Training) => number | null | undefined): RunChart => ({
    name,
    curves: [curve(label, training(read))],
  })
  const carried = (group: 'selection' | 'losses') =>
    namesIn(points, group).map((name) => one(name, name, (figures) => figures[group]?.[name]))
  const charts: RunChart[] = [
    {
      name: 'loss',
      curves: [
        curve(
          'loss',
          training((figures) => figures.loss),
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
          training((figures) => figures.deadLatents),
        ),
        curve(
          'dying',
          training((figures) => figures.dyingLatents),
          'contrary',
        ),
      ],
    },
    one('gradientNorm', 'norm', (figures) => figures.gradientNorm),
    one('learningRate', 'rate', (figures) => figures.learningRate),
    one('tokensPerSecond', 'tokens/s', (figures) => figures.tokensPerSecond),
    ...carried('selection'),
    ...carried('losses'),
  ]
  return charts
    .map(({ name, curves }) => ({ name, curves: curves.filter(hasValue) }))
    .filter(({ curves }) => curves.length > 0)
}

/** What the number is for, by the settings of the run; undefined where nothing is known. */
export function meaningOf(name: string, { inference }: Readonly<Record<string, unknown>>): string | undefined {
  if (name === 'medianThreshold')
    return 'The value that an activation must exceed at inference. Each latent has its own; this is the median over latents that are ever selected.'
  if (name !== 'threshold') return undefined
  // Only gradient dictionaries have several inference rules.
  return inference === undefined || inference === 'threshold'
    ? 'The value that an activation must exceed at inference.'
    : `Mean of the smallest selected activations. Inference is ${JSON.stringify(inference)} in this run and does not use it.`
}

function curve(name: string, values: Values, hue: Curve['hue'] = 'accent'): Curve {
  return { name, values, hue }
}

/** The parts of the loss, if there are several. */
function lossParts(
  points: readonly RunPoint[],
  training: (read: (figures: Training) => number | null | undefined) => Values,
) {
  const names = namesIn(points, 'parts')
  if (names.length < 2) return []
  return names.map((name, at) => ({
    name,
    values: training((figures) => figures.parts?.[name]),
    ...PART_LINES[at % PART_LINES.length],
  }))
}

function namesIn(points: readonly RunPoint[], group: 'parts' | 'selection' | 'losses'): string[] {
  return Object.keys(points.find(({ metrics }) => metrics.training?.[group])?.metrics.training?.[group] ?? {})
}

function hasValue({ values }: Curve): boolean {
  return values.some((value) => value !== null)
}
