/** Measurements of a dictionary as pages and the API show them: evaluations, single tokens, results of the suite. */
import { correlation } from '../../trainer/evaluate/correlation'
import { METRICS, type MetricName } from '../../trainer/evaluate/metrics'
import { SUITE, SUITE_NAMES, type SuiteName } from '../../trainer/evaluate/suite'
import type { SuiteDefinition } from '../../trainer/evaluate/suite/definition'
import type { Database } from '../db/connect'
import type { DictionaryRow } from '../dictionaries/rows'
import { suiteKindOf, TokenSample, type CoreMetrics } from './kinds'
import { newestSuiteRows, newestUsualRow, readCoreRows, type CoreRow, type SuiteResultRow } from './rows'
import type { EvaluationFigure, EvaluationRecord, MeasuredSample, SuiteRecord } from './schema'

const LISTED = 10

/** Newest first. */
export async function listEvaluations(database: Database, { id }: DictionaryRow): Promise<EvaluationRecord[]> {
  return recordsOf(database, await readCoreRows(database, id, LISTED))
}

/** The newest one without first positions and sinks. */
export async function newestEvaluation(
  database: Database,
  { id }: DictionaryRow,
): Promise<EvaluationRecord | undefined> {
  const row = await newestUsualRow(database, id)
  return row ? (await recordsOf(database, [row]))[0] : undefined
}

async function recordsOf({ prisma }: Database, rows: readonly CoreRow[]): Promise<EvaluationRecord[]> {
  const ids = rows.flatMap(({ config }) => config.harvest ?? [])
  const harvests = await prisma.harvest.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } })
  const names = new Map(harvests.map(({ id, name }) => [id, name]))
  return rows.map(({ id, createdAt, engine, config, metrics }) => ({
    id,
    engine,
    createdAt: createdAt.toISOString(),
    harvest: names.get(config.harvest ?? '') ?? null,
    includeExcluded: config.includeExcluded ?? false,
    crossEntropyTokens: metrics.crossEntropy?.['tokens'] ?? null,
    figures: figuresOf(metrics),
  }))
}

/** In the order of the table of metrics. */
function figuresOf({ heldOut = {}, training = {}, crossEntropy = {} }: CoreMetrics): EvaluationFigure[] {
  return (Object.keys(METRICS) as MetricName[])
    .filter((name) => name in heldOut || name in training || name in crossEntropy)
    .map((name) => ({
      ...METRICS[name],
      name,
      heldOut: heldOut[name] === undefined ? crossEntropy[name] : heldOut[name],
      training: training[name],
    }))
}

/** The tokens that the newest evaluation without first positions and sinks has stored; null if it has stored none. */
export async function newestTokenSample(database: Database, dictionaryId: string): Promise<MeasuredSample | null> {
  const row = await newestUsualRow(database, dictionaryId)
  const sample = TokenSample.nullish().parse(row?.metrics.sample)
  if (!row || !sample) return null
  return {
    ...sample,
    l0CrossEntropyCorrelation: correlation(sample.l0, sample.crossEntropy),
    l0NormCorrelation: correlation(sample.l0, sample.norm),
    engine: row.engine,
    measuredAt: row.createdAt.toISOString(),
  }
}

/** The newest result of each part of the suite, in the order of the suite, with what defines its figures. */
export async function suiteResults(database: Database, { id }: DictionaryRow): Promise<SuiteRecord[]> {
  const rows = await newestSuiteRows(database, id)
  return SUITE_NAMES.flatMap((name) => {
    const row = rows.find(({ kind }) => kind === suiteKindOf(name))
    return row ? [suiteRecord(name, row)] : []
  })
}

function suiteRecord(name: SuiteName, { config, metrics, ...row }: SuiteResultRow): SuiteRecord {
  const { label, summary, source, caveat, measuredOn, tables }: SuiteDefinition = SUITE[name]
  return {
    id: row.id,
    name,
    label,
    summary,
    source,
    measuredOn,
    caveat: caveat ?? null,
    createdAt: row.createdAt.toISOString(),
    engine: row.engine,
    device: row.device,
    harvest: row.harvest,
    control: config.control,
    settings: config.settings,
    seconds: config.seconds,
    notes: metrics.notes,
    tables: Object.entries(tables).map(([table, definition]) => ({
      ...definition,
      name: table,
      rows: metrics.tables[table] ?? [],
    })),
  }
}
