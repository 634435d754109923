/** Answers about runs, for routes and for the first view of a page alike. */
import type { z } from 'zod'
import type { Database } from '../../db/connect'
import { liveWorkers } from '../../jobs/lease'
import { runDetail, runSummaries } from '../../runSummaries'
import { againCommand, givenSettings } from '../../trainCommand'
import { RunAnswer, RunList } from '../schemas/runs'

export async function listRuns(database: Database, limit: number): Promise<z.output<typeof RunList>> {
  const workers = await liveWorkers(database.pool)
  return RunList.parse({ runs: await runSummaries(database, { limit }), workers })
}

export async function showRun(database: Database, id: string): Promise<z.output<typeof RunAnswer>> {
  const workers = await liveWorkers(database.pool)
  const run = await runDetail(database, id)
  return RunAnswer.parse({ run: { ...run, settings: givenSettings(run.config), command: againCommand(run) }, workers })
}
