/** Reports of runs on all held-out tokens as rows: an evaluation of the dictionary that the run made. */
import type { PoolClient } from 'pg'
import type { Database } from '../db/connect'
import type { EvaluationKind } from '../evaluations/kinds'
import { ReportedCounts, RunReport } from './pictureSchema'
import type { RunRow } from './rows'

const KIND: EvaluationKind = 'run'

/** In the transaction that stores the dictionary. */
export async function storeReportWithin(
  client: PoolClient,
  run: Pick<RunRow, 'id' | 'harvestId' | 'engine'>,
  device: string,
  report: RunReport,
): Promise<void> {
  await client.query(
    `INSERT INTO evaluation (dictionary_id, kind, config, metrics, engine, device)
     SELECT id, $2, $3, $4, $5, $6 FROM dictionary WHERE run_id = $1`,
    [run.id, KIND, JSON.stringify({ harvest: run.harvestId }), JSON.stringify(report), run.engine, device],
  )
}

/** Null for a run that is unfinished, older than reports, or whose harvest has no held-out tokens. */
export async function runReport({ prisma }: Database, runId: string): Promise<RunReport | null> {
  const row = await prisma.evaluation.findFirst({ where: { kind: KIND, dictionary: { runId } } })
  return row && RunReport.parse(row.metrics)
}

/** From the reports of these dictionaries' runs: the figures of all held-out tokens by the inference rule. */
export async function reportedCounts(
  { pool }: Database,
  dictionaries: readonly string[],
): Promise<Map<string, ReportedCounts>> {
  // Without the densities of every latent.
  const { rows } = await pool.query<{ id: string; tokens: number; inference: object }>(
    `SELECT dictionary_id AS id, metrics -> 'tokens' AS tokens, metrics #> '{rules,inference}' AS inference
     FROM evaluation WHERE kind = $1 AND dictionary_id = ANY($2::uuid[])`,
    [KIND, dictionaries],
  )
  return new Map(rows.map(({ id, tokens, inference }) => [id, ReportedCounts.parse({ ...inference, tokens })]))
}
