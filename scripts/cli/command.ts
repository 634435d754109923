/** What a command of `loupe` is. */
import type { z } from 'zod'
import type { Context } from './context'

/** An entry in the list of commands: what is known before the file of the command is loaded. */
export interface CommandEntry {
  /** As typed: `harvest`, or `model add` for a subcommand. */
  name: string
  /** The subcommand that runs when its group is called without one. */
  isDefault?: boolean
  /** Names of its arguments, all required. */
  arguments?: readonly string[]
  summary: string
  load(): Promise<Command>
}

/** One command of `loupe`. Its schema gives flags, help and validation. */
export interface Command<Options extends z.ZodObject = z.ZodObject, Result extends object = object> {
  /** Description of each argument, by its name in the list of commands. */
  arguments?: Readonly<Record<string, string>>
  options: Options
  /** Returns the object that `--json` prints. */
  run(input: { options: z.output<Options>; arguments: string[] }, context: Context): Promise<Result>
  /** The result as text for a person. */
  render?(result: Result): string
  /** For commands whose result can mean failure without an error. */
  exitCode?(result: Result): number
}

/** Checks `run` and `render` against the types of the options, which the list of all commands does not know. */
export function defineCommand<Options extends z.ZodObject, Result extends object>(
  command: Command<Options, Result>,
): Command {
  return command
}
