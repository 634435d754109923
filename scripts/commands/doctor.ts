/** `loupe doctor`: prints the checks of a machine. */
import pc from 'picocolors'
import { z } from 'zod'
import { runChecks, type Check } from '../doctor/doctor'
import { defineCommand } from '../cli/command'

const MARKS: Record<Check['status'], string> = { ok: pc.green('✓'), warn: pc.yellow('!'), fail: pc.red('✗') }

export const doctor = defineCommand({
  options: z.strictObject({}),
  run: async () => ({ checks: await runChecks() }),
  render: ({ checks }) =>
    checks
      .map(({ name, status, found, remedy }) => {
        const line = `${MARKS[status]} ${name.padEnd(14)} ${found}`
        return remedy ? `${line}\n${' '.repeat(17)}${remedy}` : line
      })
      .join('\n'),
  exitCode: ({ checks }) => (checks.some(({ status }) => status === 'fail') ? 1 : 0),
})
