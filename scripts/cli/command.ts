import type { z } from 'zod'
import type { Context } from './context'

export interface Argument {
  name: string
  description: string
  optional?: boolean
}

/** One command of `loupe`: flags and help come from the schema that also validates. */
export interface Command<Options extends z.ZodObject = z.ZodObject> {
  /** As typed: `harvest`, or `model add` for a subcommand. */
  name: string
  summary: string
  /** For a subcommand: what its group does when no subcommand is named. */
  isDefault?: boolean
  arguments?: readonly Argument[]
  options: Options
  /** Returns the object that `--json` prints. */
  run(input: { options: z.output<Options>; arguments: string[] }, context: Context): Promise<object>
  /** The same result for a person. */
  render?(result: object): string
  /** For commands whose result can be bad news without being an error. */
  exitCode?(result: object): number
}

/** Keeps the option types of one command while the list of all commands forgets them. */
export function defineCommand<Options extends z.ZodObject, Result extends object>(command: {
  name: string
  summary: string
  isDefault?: boolean
  arguments?: readonly Argument[]
  options: Options
  run(input: { options: z.output<Options>; arguments: string[] }, context: Context): Promise<Result>
  render?(result: Result): string
  exitCode?(result: Result): number
}): Command {
  return command
}
