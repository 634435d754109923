/** What runs found out about themselves at their end, with what is known of the dictionaries they made. */
import type { PoolClient } from 'pg'
import type { RuleCounts, RunReport } from '../../trainer/evaluate/runReport'
import type { Database } from '../db/connect'
import type { Run } from '../db/generated/client'
import { densityPicture, featureDensities, fittedThen, type DensityPicture } from '../features/statistics'
import { newestTokenSample, type MeasuredSample } from '../evaluations/tokenSamples'

export type { RunReport }

/** Kind of the evaluation, of the dictionary that the run made, which holds the report. */
const KIND = 'run'

/** In the transaction that stores the dictionary. */
export async function storeReportWithin(
  client: PoolClient,
  run: Run,
  device: string,
  report: RunReport,
): Promise<void> {
  await client.query(
    `INSERT INTO evaluation (dictionary_id, kind, config, metrics, engine, device)
     SELECT id, $2, $3, $4, $5, $6 FROM dictionary WHERE run_id = $1`,
    [run.id, KIND, JSON.stringify({ harvest: run.harvestId }), JSON.stringify(report), run.engine, device],
  )
}

/** Null while the run has none: it is unfinished, older than reports, or its harvest holds nothing out. */
export async function runReport({ prisma }: Database, runId: string): Promise<RunReport | null> {
  const row = await prisma.evaluation.findFirst({ where: { kind: KIND, dictionary: { runId } } })
  return (row?.metrics ?? null) as RunReport | null
}

/** Of the reports of these dictionaries' runs: what stood on all held-out tokens by the rule of inference. */
export async function reportedCounts(
  { pool }: Database,
  dictionaries: readonly string[],
): Promise<Map<string, Record<'tokens' | keyof RuleCounts, number>>> {
  // Without the densities of every latent.
  const { rows } = await pool.query<{ id: string; tokens: number; inference: RuleCounts }>(
    `SELECT dictionary_id AS id, metrics -> 'tokens' AS tokens, metrics #> '{rules,inference}' AS inference
     FROM evaluation WHERE kind = $1 AND dictionary_id = ANY($2::uuid[])`,
    [KIND, dictionaries],
  )
  return new Map(rows.map(({ id, tokens, inference }) => [id, { ...inference, tokens }]))
}

export interface RunPicture {
  /** Densities are in the picture of them. */
  report: Omit<RunReport, 'densities' | 'zipf'> | null
  /** Of the report, else of the dictionary's features; null where there is neither. */
  density: DensityPicture | null
  /** The newest tokens that an evaluation of its dictionary has kept. */
  tokens: MeasuredSample | null
}

/** Everything but figures along the run; all null before its end. */
export async function runPicture(database: Database, runId: string): Promise<RunPicture> {
  const dictionary = await database.prisma.dictionary.findFirst({ where: { runId }, select: { id: true } })
  if (!dictionary) return { report: null, density: null, tokens: null }
  const [stored, tokens] = await Promise.all([runReport(database, runId), newestTokenSample(database, dictionary.id)])
  if (stored) {
    const { densities, zipf, ...report } = stored
    const counted = { densities, source: 'run', tokens: report.tokens, zipf: fittedThen(zipf, densities) } as const
    return { report, tokens, density: densityPicture(counted) }
  }
  const counted = await featureDensities(database, dictionary.id)
  return { report: null, density: counted && densityPicture(counted), tokens }
}
