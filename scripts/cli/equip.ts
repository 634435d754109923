/** Adds the flags and the action of a loaded command to the program. */
import type { Command as Commander } from 'commander'
import type { Command } from './command'
import { createContext, type GlobalOptions } from './context'
import { optionsOf, parseOptions } from './flags'
import type { Terminal } from './terminal'

export interface Session {
  signal: AbortSignal
  terminal: Terminal
  onExit: (code: number) => void
}

export function equip(node: Commander, command: Command, { signal, terminal, onExit }: Session): void {
  for (const argument of node.registeredArguments) {
    argument.description = command.arguments?.[argument.name()] ?? ''
  }
  for (const option of optionsOf(command.options)) node.addOption(option)
  node.option('--json', 'print exactly one JSON object on standard output')
  node.option('--quiet', 'no progress')
  node.option('--backend <name>', 'tensor backend: auto, tensorflow, wasm (default auto)')
  node.action(async (...received: unknown[]) => {
    const typed = received.at(-2) as Record<string, unknown>
    const words = received.slice(0, -2).filter((value): value is string => typeof value === 'string')
    const options = parseOptions(command.options, typed)
    await using context = createContext(globalOptions(typed), signal, terminal)
    const result = await command.run({ options, arguments: words }, context)
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
