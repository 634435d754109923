/** Measurements of a dictionary as they were stored. */
import { METRICS, type Metric, type MetricName } from '../../trainer/evaluate/metrics'
import type { Database } from '../db/connect'
import type { Evaluation, Prisma } from '../db/generated/client'
import type { DictionaryRow } from '../dictionaries/rows'

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
  /** Predictions of the cross-entropy. */
  crossEntropyTokens: number | null
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
  includeExcluded?: boolean
}

/** Evaluations without first positions and sinks: the ones that a dictionary's figures are taken from. */
export const USUAL_EVALUATION = {
  kind: 'core',
  config: { path: ['includeExcluded'], equals: false },
} as const satisfies Prisma.EvaluationWhereInput

const LISTED = 10

/** Newest first. */
export async function listEvaluations(database: Database, { id }: DictionaryRow): Promise<EvaluationRecord[]> {
  const rows = await database.prisma.evaluation.findMany({
    where: { dictionaryId: id, kind: 'core' },
    orderBy: { createdAt: 'desc' },
    take: LISTED,
  })
  return recordsOf(database, rows)
}

/** The newest one without first positions and sinks. */
export async function newestEvaluation(
  database: Database,
  { id }: DictionaryRow,
): Promise<EvaluationRecord | undefined> {
  const row = await database.prisma.evaluation.findFirst({
    where: { dictionaryId: id, ...USUAL_EVALUATION },
    orderBy: { createdAt: 'desc' },
  })
  return row ? (await recordsOf(database, [row]))[0] : undefined
}

async function recordsOf({ prisma }: Database, rows: readonly Evaluation[]): Promise<EvaluationRecord[]> {
  const configs = rows.map(({ config }) => config as Config)
  const ids = configs.flatMap(({ harvest }) => (harvest ? [harvest] : []))
  const harvests = await prisma.harvest.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } })
  const names = new Map(harvests.map(({ id, name }) => [id, name]))
  return rows.map(({ id, createdAt, engine, metrics }, at) => {
    const { harvest, includeExcluded } = configs[at]!
    return {
      id,
      engine,
      createdAt: createdAt.toISOString(),
      harvest: names.get(harvest ?? '') ?? null,
      includeExcluded: includeExcluded ?? false,
      crossEntropyTokens: (metrics as Metrics).crossEntropy?.tokens ?? null,
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
