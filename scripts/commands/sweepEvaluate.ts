/** `loupe sweep evaluate`: evaluates every dictionary of a sweep that has no evaluation. */
import { z } from 'zod'
import { EvaluationOptions } from '../../lib/evaluations/schema'
import { evaluationSpec } from '../../lib/evaluations/start'
import { evaluateKind } from '../../lib/evaluations/job'
import { runJob } from '../../lib/jobs/run'
import { requireSweep } from '../../lib/sweeps/rows'
import { unevaluated } from '../../lib/sweeps/start'
import { sweepDetail } from '../../lib/sweeps/view'
import { defineCommand } from '../cli/command'
import { renderSweep, sweepResult } from './sweepResult'

export const sweepEvaluate = defineCommand({
  arguments: { sweep: 'name or id of the sweep' },
  options: z.strictObject({}),
  async run({ arguments: [nameOrId = ''] }, context) {
    const database = await context.database()
    const sweep = await requireSweep(database, nameOrId)
    for (const row of await unevaluated(database, sweep)) {
      const { spec } = await evaluationSpec(database, row, EvaluationOptions.parse({}))
      context.terminal.note(row.name)
      const stage = context.terminal.stage('evaluate', 'tokens')
      await runJob(database, await context.backend(), evaluateKind, spec, stage)
      stage.end()
    }
    return sweepResult(await sweepDetail(database, sweep.id))
  },
  render: renderSweep,
})
