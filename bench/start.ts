/**
 * Measures the cost of starting a command: `npx tsx bench/start.ts [times]` (default 5). Prints processor seconds of all threads
 * (minimum and median) and the number of imported modules. Nothing is computed and no database is opened.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../bin/loupe.mjs', import.meta.url))
const COMMANDS = ['', 'status', 'jobs list', 'db url', 'encode', 'harvest', 'evaluate', 'train', 'worker']
/** A module in Node's log of imports. */
const MODULE = /file:\/\/[^\s'"?]*/g
const PRINT_CPU = `process.on('exit', () => { const { user, system } = process.cpuUsage(); console.error('cpu', user + system) })`

function run(command: string, env: Record<string, string> = {}): string {
  const options = ['--import', `data:text/javascript,${encodeURIComponent(PRINT_CPU)}`]
  const args = [...options, PROGRAM, ...command.split(' ').filter(Boolean), '--help']
  const { status, stderr } = spawnSync(process.execPath, args, {
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  if (status !== 0) throw new Error(`loupe ${command} --help ended with ${status}:\n${stderr}`)
  return stderr
}

const secondsOf = (command: string) => Number(/^cpu (\d+)$/m.exec(run(command))?.[1]) / 1e6

function main(times: number): void {
  for (const command of COMMANDS) {
    const modules = new Set(run(command, { NODE_DEBUG: 'esm' }).match(MODULE)).size
    const seconds = Array.from({ length: times }, () => secondsOf(command)).sort((a, b) => a - b)
    const [least, median] = [seconds[0]!, seconds[times >> 1]!].map((value) => value.toFixed(2))
    console.log(`loupe ${`${command} --help`.trim()}`.padEnd(26), `${least} s, median ${median} s, ${modules} modules`)
  }
}

main(Number(process.argv[2] ?? 5))
