import type { z } from 'zod'
import type { Context } from './context'

/** A command as the list of all commands names it: what is known before its file is loaded. */
export interface CommandEntry {
  /** As typed: `harvest`, or `model add` for a subcommand. */
  name: string
  /** For a subcommand: what its group does when no subcommand is named. */
  isDefault?: boolean
  /** Names of its arguments, all required. */
  arguments?: readonly string[]
  summary: string
  load(): Promise<Command>
}

/** One command of `loupe`: flags and help come from the schema that also validates. */
export interface Command<Options extends z.ZodObject = z.ZodObject, Result extends object = object> {
  /** What each argument is, by the name it has in the list of commands. */
  arguments?: Readonly<Record<string, string>>
  options: Options
  /** Returns the object that `--json` prints. */
  run(input: { options: z.output<Options>; arguments: string[] }, context: Context): Promise<Result>
  /** The same result for a person. */
  render?(result: Result): string
  /** For commands whose result can be bad news without being an error. */
  exitCode?(result: Result): number
}

/** Keeps the option types of one command while the list of all commands forgets them. */
export function defineCommand<Options extends z.ZodObject, Result extends object>(
  command: Command<Options, Result>,
): Command {
  return command
}
