import type { Sweep } from '../db/generated/client'
import { startEvaluation } from '../analyses'
import type { Database } from '../db/connect'
import type { DictionaryRow } from '../dictionaries'
import { USUAL_EVALUATION } from '../evaluations'

/** The dictionaries that a sweep has made and that no evaluation has measured yet, in the order of its runs. */
export function unevaluated({ prisma }: Database, { id }: Pick<Sweep, 'id'>): Promise<DictionaryRow[]> {
  return prisma.dictionary.findMany({
    where: { run: { sweepId: id }, evaluations: { none: USUAL_EVALUATION } },
    orderBy: { run: { sweepIndex: 'asc' } },
  })
}

/** Puts an evaluation of each of them into the queue; returns the jobs. */
export async function evaluateSweep(database: Database, sweep: Sweep): Promise<string[]> {
  const jobs: string[] = []
  for (const row of await unevaluated(database, sweep)) jobs.push(await startEvaluation(database, row))
  return jobs
}
