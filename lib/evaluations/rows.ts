/** Measurements of dictionaries: the table `evaluation`. */
import type { Database } from '../db/connect'
import type { Evaluation, Prisma } from '../db/generated/client'
import { CoreConfig, CoreMetrics, SUITE_KINDS, SuiteConfig, SuiteMetrics, type EvaluationKind } from './kinds'

/** Evaluations without first positions and sinks: the figures of a dictionary come from the newest of them. */
export const USUAL_EVALUATION = {
  kind: 'core',
  config: { path: ['includeExcluded'], equals: false },
} as const satisfies Prisma.EvaluationWhereInput

export interface CoreRow {
  id: string
  createdAt: Date
  engine: string
  config: CoreConfig
  metrics: CoreMetrics
}

/** A stored row of kind `core`, parsed. */
export function parseCoreRow({ id, createdAt, engine, config, metrics }: Evaluation): CoreRow {
  return { id, createdAt, engine, config: CoreConfig.parse(config), metrics: CoreMetrics.parse(metrics) }
}

/** Newest first. */
export async function readCoreRows({ prisma }: Database, dictionaryId: string, limit: number): Promise<CoreRow[]> {
  const rows = await prisma.evaluation.findMany({
    where: { dictionaryId, kind: 'core' },
    orderBy: { createdAt: 'desc' },
    take: limit,
  })
  return rows.map(parseCoreRow)
}

/** The newest one without first positions and sinks. */
export async function newestUsualRow({ prisma }: Database, dictionaryId: string): Promise<CoreRow | undefined> {
  const row = await prisma.evaluation.findFirst({
    where: { dictionaryId, ...USUAL_EVALUATION },
    orderBy: { createdAt: 'desc' },
  })
  return row ? parseCoreRow(row) : undefined
}

export interface NewEvaluation {
  dictionaryId: string
  kind: EvaluationKind
  config: object
  metrics: object
  engine: string
  device: string
}

export async function storeEvaluations({ prisma }: Database, rows: NewEvaluation[]): Promise<void> {
  await prisma.evaluation.createMany({ data: rows })
}

/** Whether a job has stored a measurement of this kind. */
export async function hasStored(
  { prisma }: Database,
  where: { dictionaryId: string; kind: EvaluationKind },
  job: string,
): Promise<boolean> {
  const row = await prisma.evaluation.findFirst({
    where: { ...where, config: { path: ['job'], equals: job } },
    select: { id: true },
  })
  return row !== null
}

export interface SuiteResultRow {
  id: string
  kind: string
  config: SuiteConfig
  metrics: SuiteMetrics
  engine: string
  device: string
  createdAt: Date
  /** Name of the harvest measured on; null when it was deleted. */
  harvest: string | null
}

/** The newest row of each part of the suite; figures of single latents stay in the database. */
export async function newestSuiteRows({ pool }: Database, dictionaryId: string): Promise<SuiteResultRow[]> {
  const { rows } = await pool.query<SuiteResultRow>(
    `SELECT DISTINCT ON (e.kind) e.id, e.kind, e.config, e.metrics - 'latents' AS metrics, e.engine, e.device,
        e.created_at AS "createdAt", h.name AS harvest
     FROM evaluation e LEFT JOIN harvest h ON h.id::text = e.config ->> 'harvest'
     WHERE e.dictionary_id = $1 AND e.kind = ANY($2::text[])
     ORDER BY e.kind, e.created_at DESC`,
    [dictionaryId, SUITE_KINDS],
  )
  return rows.map((row) => ({
    ...row,
    config: SuiteConfig.parse(row.config),
    metrics: SuiteMetrics.parse(row.metrics),
  }))
}

export interface StoredSuiteResult {
  id: string
  createdAt: Date
  engine: string
  config: SuiteConfig
  metrics: SuiteMetrics
  /** Tokens of a context of the harvest; null when it was deleted. */
  contextSize: number | null
}

/** The newest row of one part of the suite with the figures of single latents. */
export async function newestSuiteRow(
  { prisma }: Database,
  dictionaryId: string,
  kind: EvaluationKind,
): Promise<StoredSuiteResult | undefined> {
  const row = await prisma.evaluation.findFirst({ where: { dictionaryId, kind }, orderBy: { createdAt: 'desc' } })
  if (!row) return undefined
  const config = SuiteConfig.parse(row.config)
  const harvest = await prisma.harvest.findUnique({ where: { id: config.harvest }, select: { contextSize: true } })
  return {
    id: row.id,
    createdAt: row.createdAt,
    engine: row.engine,
    config,
    metrics: SuiteMetrics.parse(row.metrics),
    contextSize: harvest?.contextSize ?? null,
  }
}
