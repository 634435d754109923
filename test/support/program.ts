/** The command line in a separate process, as a person or a script starts it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../../bin/loupe.mjs', import.meta.url))

export interface Finished {
  code: number | null
  stdout: string
  stderr: string
  /** Parses the output of `--json`. */
  json<T>(this: void): T
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
    child.on('close', (code) => resolve(finished(code, stdout, stderr)))
  })
  return { child, done }
}

export function finished(code: number | null, stdout: string, stderr: string): Finished {
  return { code, stdout, stderr, json: <T>() => JSON.parse(stdout) as T }
}

/** Runs a command to its end. */
export function loupe(...args: string[]): Promise<Finished> {
  return start(args).done
}
