/** `loupe encode`. Its work is loaded when it runs. */
import { defineCommand } from '../cli/command'
import { encodeOptions } from './encodeOptions'

export const encode = defineCommand({
  options: encodeOptions,
  async run({ options }, context) {
    const { runEncode } = await import('./encodeRun')
    return runEncode(options, context)
  },
})
