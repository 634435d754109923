/** What runs found out about themselves at their end. */
import type { PoolClient } from 'pg'
import type { RunReport } from '../trainer/evaluate/runReport'
import type { Database } from './db/connect'
import type { Run } from './db/generated/client'

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
