/** `loupe sweep list` and `loupe sweep show`. */
import { z } from 'zod'
import { sweepDetail, sweepSummaries } from '../../lib/sweeps/view'
import { defineCommand } from '../cli/command'
import { formatTable } from '../cli/table'
import { renderSweep, sweepResult } from './sweepResult'

export const sweepList = defineCommand({
  options: z.strictObject({}),
  async run(_input, context) {
    return { sweeps: await sweepSummaries(await context.database()) }
  },
  render: ({ sweeps }) =>
    formatTable(
      ['sweep', 'harvest', 'architectures', 'finished', 'failed', 'progress'],
      sweeps.map(({ name, harvest, architectures, runs, steps }) => [
        name,
        harvest.name,
        architectures.join(', '),
        `${runs.finished}/${runs.all}`,
        String(runs.failed),
        `${Math.floor((100 * steps.done) / steps.total)} %`,
      ]),
    ),
})

export const sweepShow = defineCommand({
  arguments: { sweep: 'name or id of the sweep' },
  options: z.strictObject({}),
  async run({ arguments: [nameOrId = ''] }, context) {
    return sweepResult(await sweepDetail(await context.database(), nameOrId))
  },
  render: renderSweep,
})
