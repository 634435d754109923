/** Builds the commander program from the list of commands, and turns errors into exit codes. */
import { Command as Commander, CommanderError, Help } from 'commander'
import { databaseError } from '../../lib/db/databaseError'
import { LoupeError, toLoupeError } from '../../trainer/errors'
import { environmentVariable } from '../../lib/base/environment'
import type { CommandEntry } from './command'
import type { Session } from './equip'
import { Terminal } from './terminal'

const INTERRUPTED = 130

/** Parses and runs; returns the exit code: 0, 1 failure, 2 bad usage, 130 interrupted. */
export async function runProgram(argv: readonly string[], commands: readonly CommandEntry[]): Promise<number> {
  const wantsJson = argv.includes('--json')
  const abort = new AbortController()
  const terminal = new Terminal({ quiet: argv.includes('--quiet'), signal: abort.signal })
  const interrupt = onInterrupt(abort, terminal)
  try {
    let exitCode = 0
    const program = buildProgram(commands, { signal: abort.signal, terminal, onExit: (code) => (exitCode = code) })
    await program.parseAsync(withHelpFlag(argv, commands), { from: 'user' })
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

/** Rewrites `help train` to `train --help`, and `model help add` to `model add --help`, which loads the command. */
function withHelpFlag(argv: readonly string[], entries: readonly CommandEntry[]): readonly string[] {
  const at = argv.indexOf('help')
  if (at < 0 || at === argv.length - 1) return argv
  const path = [...argv.slice(0, at), ...argv.slice(at + 1)]
  const isCommand = entries.some(({ name }) => `${name} `.startsWith(`${path.join(' ')} `))
  return isCommand ? [...path, '--help'] : argv
}

function interruption(): LoupeError {
  return new LoupeError('cancelled', 'interrupted', {
    remedy: 'run the same command again: it continues from what is stored',
  })
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

function buildProgram(entries: readonly CommandEntry[], session: Session): Commander {
  const listed = new Map<Commander, CommandEntry>()
  const program = new Commander('loupe')
    .description('Open up neural networks with sparse dictionaries: harvest, train, analyse, steer, export.')
    .configureHelp({ subcommandTerm: (node) => termOf(node, listed.get(node)) })
    .showHelpAfterError('(--help lists the flags)')
    .showSuggestionAfterError()
    .exitOverride()
  const load = async (_parent: Commander, node: Commander) => {
    const entry = listed.get(node)
    if (!entry) return
    const [{ equip }, command] = await Promise.all([import('./equip'), entry.load()])
    equip(node, command, session)
  }
  // The parser is about to enter a command: only this one is loaded.
  program.hook('preSubcommand', load)
  for (const entry of entries) listed.set(addEntry(program, entry, load), entry)
  return program
}

/** A command without flags and action; `equip` adds them when the command is loaded. */
function addEntry(
  program: Commander,
  { name, isDefault = false, summary, arguments: names = [] }: CommandEntry,
  load: (parent: Commander, node: Commander) => Promise<void>,
): Commander {
  const words = name.split(' ')
  const leaf = words.at(-1) ?? name
  const parent = words.slice(0, -1).reduce((at, word) => {
    const group = at.commands.find((child) => child.name() === word)
    return group ?? at.command(word).exitOverride().hook('preSubcommand', load)
  }, program)
  const node = parent.command(leaf, { isDefault }).description(summary).exitOverride()
  for (const argument of names) node.argument(`<${argument}>`)
  return node
}

/** A row in the help of a group. It says [options] for every command, because the flags are not loaded yet. */
function termOf(node: Commander, entry: CommandEntry | undefined): string {
  if (!entry) return new Help().subcommandTerm(node)
  return [node.name(), '[options]', ...(entry.arguments ?? []).map((argument) => `<${argument}>`)].join(' ')
}

/** For errors that commander has printed. */
function reportUsage(error: CommanderError, wantsJson: boolean): number {
  if (wantsJson) printError({ code: 'bad-usage', message: error.message.replace(/^error: /, '') })
  return 2
}

function report(error: unknown, wantsJson: boolean, terminal: Terminal): number {
  const known = toLoupeError(error) ?? databaseError(error)
  if (known) {
    terminal.error(known.message, known.remedy)
    if (known.cause !== undefined && environmentVariable('LOUPE_DEBUG')) console.error(known.cause)
    if (wantsJson) printError({ code: known.code, message: known.message, remedy: known.remedy })
    return known.exitCode
  }
  const message = error instanceof Error ? error.message : String(error)
  terminal.error(`unexpected: ${message}`, 'this is a defect of Loupe; LOUPE_DEBUG=1 prints the stack')
  if (environmentVariable('LOUPE_DEBUG')) console.error(error)
  if (wantsJson) printError({ code: 'internal', message })
  return 1
}

function printError(error: { code: string; message: string; remedy?: string }): void {
  process.stdout.write(`${JSON.stringify({ error })}\n`)
}
