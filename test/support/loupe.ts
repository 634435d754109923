/** The command line as a process of its own, as a person or a script starts it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../../bin/loupe.mjs', import.meta.url))

export interface Finished {
  code: number | null
  stdout: string
  stderr: string
  /** What `--json` printed. */
  json<T>(): T
}

export interface Started {
  child: ChildProcess
  done: Promise<Finished>
}

export function start(args: readonly string[], env: Record<string, string> = {}): Started {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const done = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr, json: <T>() => JSON.parse(stdout) as T }))
  })
  return { child, done }
}

/** Runs a command to its end. */
export function loupe(...args: string[]): Promise<Finished> {
  return start(args).done
}

/** Runs a command that has to succeed, and parses what it printed. */
export async function loupeJson<T>(...args: string[]): Promise<T> {
  const finished = await loupe(...args, '--json')
  if (finished.code !== 0) throw new Error(`loupe ${args.join(' ')} ended with ${finished.code}:\n${finished.stderr}`)
  return finished.json<T>()
}
