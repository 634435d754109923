/** `loupe stop`. */
import { z } from 'zod'
import { loupeHome } from '../../lib/base/config'
import { defineCommand } from '../cli/command'
import { stopLoupe } from '../supervisor/stop'

export const stop = defineCommand({
  options: z.strictObject({}),
  run: () => stopLoupe(loupeHome()),
  render({ stopped, leftovers, note }) {
    if (stopped.length === 0 && note === null) return 'nothing was running'
    const left = leftovers.length > 0 ? ` (${leftovers.join(', ')} left by a killed supervisor)` : ''
    return [`stopped ${stopped.join(', ')}${left}`, ...(note === null ? [] : [note])].join('\n')
  },
})
