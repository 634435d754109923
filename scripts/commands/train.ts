/** `loupe train`. Its work is loaded when it runs, so that help and errors of flags appear at once. */
import { defineCommand } from '../cli/command'
import { hasFailed, renderSweep } from './sweepResult'
import { trainOptions } from './trainOptions'

export const train = defineCommand({
  options: trainOptions,
  async run({ options }, context) {
    const { runTrain } = await import('./trainRun')
    return runTrain(options, context)
  },
  render: (result) => ('sweep' in result ? renderSweep(result) : JSON.stringify(result, null, 2)),
  exitCode: (result) => ('sweep' in result && hasFailed(result) ? 1 : 0),
})
