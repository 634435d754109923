/** The command line as a process of its own, as a person or a script starts it; and within this one, which is quicker. */
import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'

const PROGRAM = fileURLToPath(new URL('../../bin/loupe.mjs', import.meta.url))

export interface Finished {
  code: number | null
  stdout: string
  stderr: string
  /** What `--json` printed. */
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

function finished(code: number | null, stdout: string, stderr: string): Finished {
  return { code, stdout, stderr, json: <T>() => JSON.parse(stdout) as T }
}

/** Runs a command to its end in this process: for what neither crashes nor depends on being alone. One at a time. */
export async function within(...args: string[]): Promise<Finished> {
  const { main } = await import('../../scripts/main')
  const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const written = ({ mock }: typeof out) => mock.calls.map(([chunk]) => chunk.toString()).join('')
  try {
    const code = await main(args)
    return finished(code, written(out), written(err))
  } finally {
    out.mockRestore()
    err.mockRestore()
  }
}

/** Runs a command to its end in a process of its own. */
export function loupe(...args: string[]): Promise<Finished> {
  return start(args).done
}

/** Runs a command that has to succeed, within this process, and parses what it printed. */
export async function loupeJson<T>(...args: string[]): Promise<T> {
  const { code, stderr, json } = await within(...args, '--json')
  if (code !== 0) throw new Error(`loupe ${args.join(' ')} ended with ${code}:\n${stderr}`)
  return json<T>()
}
