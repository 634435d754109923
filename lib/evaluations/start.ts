/** What can be measured of a dictionary: its features' statistics, and how well it reconstructs. */
import { z } from 'zod'
import type { Database } from '../db/connect'
import { requireAttached, type DictionaryRow } from '../dictionaries/rows'
import { harvestOf, shardsFor } from '../harvests/rows'
import { submitJob } from '../jobs/run'
import { dashboardsJob, evaluateJob } from '../jobs/specs'

const harvest = z.string().optional()

export const DashboardsOptions = z.strictObject({
  harvest: harvest.describe('harvest to count over; default the one it was trained on'),
  tokens: z.int().positive().default(1_000_000).describe('tokens to count over at most'),
  seed: z.int().default(0).describe('which random examples are drawn'),
})

export const EvaluationOptions = z.strictObject({
  harvest: harvest.describe('harvest to measure on; default the one it was trained on'),
  tokens: z.int().positive().default(8192).describe('held-out tokens of the cross-entropy triple'),
  includeExcluded: z
    .boolean()
    .default(false)
    .describe('splice and count first positions and attention sinks too, to see what they do to the figures'),
})

/** What the job is asked for, with the harvest looked up. */
export async function dashboardsSpec(
  database: Database,
  row: DictionaryRow,
  { harvest: asked, tokens, seed }: z.output<typeof DashboardsOptions>,
) {
  requireAttached(row)
  const found = await harvestOf(database, row, asked)
  return { harvest: found, spec: { dictionary: row.id, harvest: found.id, shards: shardsFor(found, tokens), seed } }
}

/** What the job is asked for, with the harvest looked up. */
export async function evaluationSpec(
  database: Database,
  row: DictionaryRow,
  { harvest: asked, ...options }: z.output<typeof EvaluationOptions>,
) {
  requireAttached(row)
  const found = await harvestOf(database, row, asked)
  return { harvest: found, spec: { dictionary: row.id, harvest: found.id, ...options } }
}

/** Puts the statistics of a dictionary's features into the queue; returns the job. */
export async function startDashboards(
  database: Database,
  row: DictionaryRow,
  options: z.input<typeof DashboardsOptions> = {},
): Promise<string> {
  const { spec } = await dashboardsSpec(database, row, DashboardsOptions.parse(options))
  return submitJob(database, dashboardsJob, spec)
}

/** Puts the evaluation of a dictionary into the queue; returns the job. */
export async function startEvaluation(
  database: Database,
  row: DictionaryRow,
  options: z.input<typeof EvaluationOptions> = {},
): Promise<string> {
  const { spec } = await evaluationSpec(database, row, EvaluationOptions.parse(options))
  return submitJob(database, evaluateJob, spec)
}
