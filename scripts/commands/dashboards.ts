import { z } from 'zod'
import { DashboardsOptions, dashboardsSpec } from '../../lib/evaluations/start'
import { requireDictionary } from '../../lib/dictionaries/rows'
import { dashboardsKind } from '../../lib/features/job'
import { runJob } from '../../lib/jobs/run'
import { defineCommand } from '../cli/command'

export const dashboards = defineCommand({
  options: z.strictObject({
    dictionary: z.string().describe('name of a dictionary'),
    ...DashboardsOptions.shape,
  }),
  async run({ options: { dictionary, ...options } }, context) {
    const database = await context.database()
    const row = await requireDictionary(database, dictionary)
    const { harvest, spec } = await dashboardsSpec(database, row, options)
    const backend = await context.backend()
    const stage = context.terminal.stage('dashboards', 'features')
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
