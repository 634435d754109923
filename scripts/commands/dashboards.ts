import { z } from 'zod'
import { requireDictionary } from '../../lib/dictionaries'
import { harvestOf, shardsFor } from '../../lib/harvests'
import { dashboardsKind } from '../../lib/jobs/kinds/dashboards'
import { runJob } from '../../lib/jobs/run'
import { defineCommand } from '../cli/command'

export const dashboards = defineCommand({
  name: 'dashboards',
  summary: 'statistics and examples of every feature, in one pass over its codes',
  options: z.strictObject({
    dictionary: z.string().describe('name of a dictionary'),
    harvest: z.string().optional().describe('harvest to count over; default the one it was trained on'),
    tokens: z.int().positive().default(1_000_000).describe('tokens to count over at most'),
    seed: z.int().default(0).describe('which random examples are drawn'),
  }),
  async run({ options }, context) {
    const database = await context.database()
    const row = await requireDictionary(database, options.dictionary)
    const harvest = await harvestOf(database, row, options.harvest)
    const backend = await context.backend()
    const stage = context.terminal.stage('dashboards', 'features')
    const spec = {
      ...{ dictionary: row.id, harvest: harvest.id, seed: options.seed },
      shards: shardsFor(harvest, options.tokens),
    }
    const result = await runJob(database, backend, dashboardsKind, spec, stage)
    return { dictionary: row.name, harvest: harvest.name, ...(result as Counted), ...stage.end() }
  },
})

export interface Counted {
  features: number
  live: number
  tokens: number
  featuresPerSecond: number
}
