/** The command line inside the process of the test, which saves the start. For commands that need no separate process. */
import { vi } from 'vitest'
import { finished, type Finished } from './program'

/** Runs a command to its end. Only one at a time, because it captures the output of the process. */
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

/** Runs a command that must succeed, and parses its result. */
export async function loupeJson<T>(...args: string[]): Promise<T> {
  const { code, stderr, json } = await within(...args, '--json')
  if (code !== 0) throw new Error(`loupe ${args.join(' ')} ended with ${code}:\n${stderr}`)
  return json<T>()
}
