/** The commander program made from the list of commands, and the one place that turns errors into exit codes. */
import { Command as Commander, CommanderError } from 'commander'
import { databaseError } from '../../lib/db/databaseError'
import { LoupeError, toLoupeError } from '../../trainer/errors'
import type { Command } from './command'
import { createContext, type GlobalOptions } from './context'
import { optionsOf, parseOptions } from './flags'
import { Terminal } from './terminal'

const INTERRUPTED = 130

/** Parses and runs; returns the exit code: 0, 1 failure, 2 bad usage, 130 interrupted. */
export async function runProgram(argv: readonly string[], commands: readonly Command[]): Promise<number> {
  const wantsJson = argv.includes('--json')
  const abort = new AbortController()
  const terminal = new Terminal({ quiet: argv.includes('--quiet'), signal: abort.signal })
  const interrupt = onInterrupt(abort, terminal)
  try {
    let exitCode = 0
    const program = buildProgram(commands, { signal: abort.signal, terminal, onExit: (code) => (exitCode = code) })
    await program.parseAsync(argv, { from: 'user' })
    return exitCode
  } catch (error) {
    terminal.closeAll()
    if (abort.signal.aborted) return report(interruption(), wantsJson, terminal)
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : reportUsage(error, wantsJson)
    return report(error, wantsJson, terminal)
  } finally {
    terminal.closeAll()
    interrupt()
  }
}

function interruption(): LoupeError {
  return new LoupeError('cancelled', 'interrupted', { remedy: 'run the same command again: it goes on where it was' })
}

/** First Ctrl-C (or SIGTERM): stop at the next unit of work. Second: at once. */
function onInterrupt(abort: AbortController, terminal: Terminal): () => void {
  const stop = () => {
    if (abort.signal.aborted) process.exit(INTERRUPTED)
    terminal.note('\nstopping after the current unit of work (again: at once)')
    abort.abort()
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  return () => process.off('SIGINT', stop).off('SIGTERM', stop)
}

interface Session {
  signal: AbortSignal
  terminal: Terminal
  onExit: (code: number) => void
}

function buildProgram(commands: readonly Command[], session: Session): Commander {
  const program = new Commander('loupe')
    .description('Open up neural networks with sparse dictionaries: harvest, train, analyse, steer, export.')
    .showHelpAfterError('(--help lists the flags)')
    .showSuggestionAfterError()
    .exitOverride()
  for (const command of commands) addCommand(program, command, session)
  return program
}

function addCommand(program: Commander, command: Command, { signal, terminal, onExit }: Session): void {
  const words = command.name.split(' ')
  const leaf = words.at(-1) ?? command.name
  const parent = words.slice(0, -1).reduce((at, word) => {
    return at.commands.find((child) => child.name() === word) ?? at.command(word).exitOverride()
  }, program)
  const node = parent
    .command(leaf, { isDefault: command.isDefault ?? false })
    .description(command.summary)
    .exitOverride()
  for (const argument of command.arguments ?? []) {
    node.argument(argument.optional ? `[${argument.name}]` : `<${argument.name}>`, argument.description)
  }
  for (const option of optionsOf(command.options)) node.addOption(option)
  node.option('--json', 'print exactly one JSON object on standard output')
  node.option('--quiet', 'no progress')
  node.option('--backend <name>', 'tensor backend: auto, tensorflow, wasm (default auto)')
  node.action(async (...received: unknown[]) => {
    const typed = received.at(-2) as Record<string, unknown>
    const given = received.slice(0, -2).filter((value): value is string => typeof value === 'string')
    const options = parseOptions(command.options, typed)
    await using context = createContext(globalOptions(typed), signal, terminal)
    const result = await command.run({ options, arguments: given }, context)
    if (typed['json']) process.stdout.write(`${JSON.stringify(result)}\n`)
    else if (command.render) process.stdout.write(`${command.render(result)}\n`)
    else process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
    await context.afterResult?.()
    onExit(command.exitCode?.(result) ?? 0)
  })
}

function globalOptions(typed: Record<string, unknown>): GlobalOptions {
  return { json: typed['json'] === true, quiet: typed['quiet'] === true, backend: typed['backend'] as string }
}

/** commander has printed the line already. */
function reportUsage(error: CommanderError, wantsJson: boolean): number {
  if (wantsJson) printError({ code: 'bad-usage', message: error.message.replace(/^error: /, '') })
  return 2
}

function report(error: unknown, wantsJson: boolean, terminal: Terminal): number {
  const known = toLoupeError(error) ?? databaseError(error)
  if (known) {
    terminal.error(known.message, known.remedy)
    if (known.cause !== undefined && process.env['LOUPE_DEBUG']) console.error(known.cause)
    if (wantsJson) printError({ code: known.code, message: known.message, remedy: known.remedy })
    return known.exitCode
  }
  const message = error instanceof Error ? error.message : String(error)
  terminal.error(`unexpected: ${message}`, 'this is a defect of Loupe; LOUPE_DEBUG=1 prints where it happened')
  if (process.env['LOUPE_DEBUG']) console.error(error)
  if (wantsJson) printError({ code: 'internal', message })
  return 1
}

function printError(error: { code: string; message: string; remedy?: string }): void {
  process.stdout.write(`${JSON.stringify({ error })}\n`)
}
