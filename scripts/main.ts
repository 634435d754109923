/** The entry of the command line; `bin/loupe.mjs` calls it. */
import { runProgram } from './cli/program'
import { commands } from './commands'

export function main(argv: readonly string[]): Promise<number> {
  return runProgram(argv, commands)
}
