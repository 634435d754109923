/** `loupe harvest`. Its work is loaded when it runs. */
import { defineCommand } from '../cli/command'
import { harvestOptions } from './harvestOptions'

export const harvest = defineCommand({
  options: harvestOptions,
  async run({ options }, context) {
    const { runHarvest } = await import('./harvestRun')
    return runHarvest(options, context)
  },
})
