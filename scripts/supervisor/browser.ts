/** Opens the pages in the user's browser. */
import { spawn } from 'node:child_process'

/** The program that opens an address in the user's browser; undefined without a desktop. */
export function browserCommand(
  platform: NodeJS.Platform,
  env: Record<string, string | undefined>,
): [program: string, ...args: string[]] | undefined {
  if (platform === 'darwin') return ['open']
  if (platform === 'win32') return ['cmd', '/c', 'start', '']
  return env['DISPLAY'] || env['WAYLAND_DISPLAY'] ? ['xdg-open'] : undefined
}

/** Opens a page if the command runs in a terminal on a desktop; never fails. */
export function openBrowser(url: string): void {
  const command = process.stdout.isTTY ? browserCommand(process.platform, process.env) : undefined
  if (!command) return
  const [program, ...args] = command
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true })
  // The command prints the address anyway.
  child.once('error', () => undefined)
  child.unref()
}
