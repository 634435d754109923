/** `loupe dashboards`: computes the feature statistics of a dictionary. */
import { z } from 'zod'
import { requireDictionary } from '../../lib/dictionaries/rows'
import { statisticsKind } from '../../lib/features/job'
import { StatisticsOptions, StatisticsResult } from '../../lib/features/schema'
import { statisticsSpec } from '../../lib/features/start'
import { runJob } from '../../lib/jobs/run'
import { defineCommand } from '../cli/command'

export const dashboards = defineCommand({
  options: z.strictObject({
    dictionary: z.string().describe('name of a dictionary'),
    ...StatisticsOptions.shape,
  }),
  async run({ options: { dictionary, ...options } }, context) {
    const database = await context.database()
    const row = await requireDictionary(database, dictionary)
    const { harvest, spec } = await statisticsSpec(database, row, options)
    const backend = await context.backend()
    const stage = context.terminal.stage('dashboards', 'features')
    const result = StatisticsResult.parse(await runJob(database, backend, statisticsKind, spec, stage))
    return { dictionary: row.name, harvest: harvest.name, ...result, ...stage.end() }
  },
})
