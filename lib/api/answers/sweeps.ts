/** Answers about sweeps, for routes and for the first view of a page alike. */
import type { z } from 'zod'
import type { Database } from '../../db/connect'
import { liveWorkers } from '../../jobs/lease'
import { sweepDetail, sweepSummaries } from '../../sweeps/summaries'
import { SweepAnswer, SweepList } from '../schemas/sweeps'

export async function listSweeps(database: Database, limit: number): Promise<z.output<typeof SweepList>> {
  const workers = await liveWorkers(database.pool)
  return SweepList.parse({ sweeps: await sweepSummaries(database, { limit }), workers })
}

export async function showSweep(database: Database, asked: string): Promise<z.output<typeof SweepAnswer>> {
  const workers = await liveWorkers(database.pool)
  return SweepAnswer.parse({ sweep: await sweepDetail(database, asked), workers })
}
