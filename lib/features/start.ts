/** Starts the job that counts the statistics of a dictionary's features. */
import type { z } from 'zod'
import type { Database } from '../db/connect'
import type { Harvest } from '../db/generated/client'
import { harvestOf } from '../dictionaries/measured'
import { requireAttached, type DictionaryRow } from '../dictionaries/rows'
import { shardsFor } from '../harvests/rows'
import { submitJob } from '../jobs/queue'
import { statisticsJob, StatisticsOptions } from './schema'

/** The job's spec, with the harvest read from the database. */
export async function statisticsSpec(
  database: Database,
  row: DictionaryRow,
  { harvest: nameOrId, tokens, seed }: StatisticsOptions,
): Promise<{ harvest: Harvest; spec: z.output<typeof statisticsJob.schema> }> {
  requireAttached(row)
  const harvest = await harvestOf(database, row, nameOrId)
  return { harvest, spec: { dictionary: row.id, harvest: harvest.id, shards: shardsFor(harvest, tokens), seed } }
}

/** Puts the feature statistics of a dictionary into the queue; returns the id of the job. */
export async function startStatistics(
  database: Database,
  row: DictionaryRow,
  options: z.input<typeof StatisticsOptions> = {},
): Promise<string> {
  const { spec } = await statisticsSpec(database, row, StatisticsOptions.parse(options))
  return submitJob(database, statisticsJob, spec)
}
