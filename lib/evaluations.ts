/** Measurements of a dictionary as they were stored. */
import { METRICS, type Metric, type MetricName } from '../trainer/evaluate/metrics'
import type { Database } from './db/connect'
import type { DictionaryRow } from './dictionaries'

export interface EvaluationFigure extends Metric {
  name: MetricName
  /** On held-out tokens, or over the whole cross-entropy measurement; null where it is not defined. */
  heldOut: number | null | undefined
  /** On as many training tokens; undefined where it was not measured. */
  training: number | null | undefined
}

export interface EvaluationRecord {
  id: string
  /** ISO 8601. */
  createdAt: string
  engine: string
  /** Name of the harvest it was measured on; null when that is gone. */
  harvest: string | null
  /** Whether first positions and attention sinks were spliced and counted too. */
  includeExcluded: boolean
  /** Held-out tokens of the cross-entropy. */
  tokens: number | null
  figures: EvaluationFigure[]
}

type Figures = Partial<Record<MetricName, number | null>>
interface Metrics {
  heldOut?: Figures
  training?: Figures
  crossEntropy?: Figures
}
interface Config {
  harvest?: string
  tokens?: number
  includeExcluded?: boolean
}

/** Newest first. */
export async function listEvaluations(
  { prisma }: Database,
  { id }: DictionaryRow,
  limit = 10,
): Promise<EvaluationRecord[]> {
  const rows = await prisma.evaluation.findMany({
    where: { dictionaryId: id, kind: 'core' },
    orderBy: { createdAt: 'desc' },
    take: limit,
  })
  const configs = rows.map(({ config }) => config as Config)
  const ids = configs.flatMap(({ harvest }) => (harvest ? [harvest] : []))
  const harvests = await prisma.harvest.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } })
  const names = new Map(harvests.map(({ id, name }) => [id, name]))
  return rows.map(({ id, createdAt, engine, metrics }, at) => {
    const { harvest, tokens, includeExcluded } = configs[at]!
    return {
      ...{ id, engine, createdAt: createdAt.toISOString() },
      harvest: names.get(harvest ?? '') ?? null,
      includeExcluded: includeExcluded ?? false,
      tokens: tokens ?? null,
      figures: figuresOf(metrics as Metrics),
    }
  })
}

/** In the order of the table of metrics. */
function figuresOf({ heldOut = {}, training = {}, crossEntropy = {} }: Metrics): EvaluationFigure[] {
  return (Object.keys(METRICS) as MetricName[])
    .filter((name) => name in heldOut || name in training || name in crossEntropy)
    .map((name) => ({
      ...METRICS[name],
      name,
      heldOut: heldOut[name] === undefined ? crossEntropy[name] : heldOut[name],
      training: training[name],
    }))
}
