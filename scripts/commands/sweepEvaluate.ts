import { z } from 'zod'
import { EvaluationOptions, evaluationSpec } from '../../lib/evaluations/start'
import { evaluateKind } from '../../lib/evaluations/job'
import { runJob } from '../../lib/jobs/run'
import { unevaluated, requireSweep } from '../../lib/sweeps/start'
import { sweepDetail } from '../../lib/sweeps/view'
import { defineCommand } from '../cli/command'
import { renderSweep, sweepResult } from './sweepResult'

export const sweepEvaluate = defineCommand({
  arguments: { sweep: 'its name or id' },
  options: z.strictObject({}),
  async run({ arguments: [asked = ''] }, context) {
    const database = await context.database()
    const sweep = await requireSweep(database, asked)
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
