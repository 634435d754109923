/** `loupe start` in the background: it keeps running after the terminal is closed. */
import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { loupeHome, projectRoot } from '../../lib/base/config'
import { runningSupervisor, type SupervisorState } from '../../lib/processes/supervisorState'
import { ERROR_CODES, LoupeError, type ErrorCode } from '../../trainer/errors'
import { logPath } from './logFile'

const LOOK_EVERY_MS = 200

/**
 * Runs `loupe start ...args` in the background and waits until its pages answer. Throws the error that ended it. On
 * interrupt it stops.
 */
export async function startDetached(args: readonly string[], signal: AbortSignal): Promise<SupervisorState> {
  const home = loupeHome()
  const output = logPath(home, 'start')
  mkdirSync(dirname(output), { recursive: true })
  const file = openSync(output, 'w', 0o600)
  const command = [join(projectRoot, 'bin', 'loupe.mjs'), 'start', '--json', ...args]
  const child = spawn(process.execPath, command, { detached: true, stdio: ['ignore', file, file], cwd: projectRoot })
  closeSync(file)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()))
  let over = false
  void ended.then(() => (over = true))
  for (;;) {
    const state = runningSupervisor(home)
    if (state?.ready) {
      child.unref()
      return state
    }
    if (over) throw failureIn(output)
    if (signal.aborted) {
      child.kill('SIGTERM')
      await ended
      throw new LoupeError('cancelled', 'interrupted')
    }
    await sleep(LOOK_EVERY_MS)
  }
}

const printed = z.object({
  error: z.object({ code: z.string(), message: z.string(), remedy: z.string().optional() }),
})

/** The error that a command with `--json` printed. */
function failureIn(path: string): LoupeError {
  const lines = readFileSync(path, 'utf8').trim().split('\n')
  for (const line of lines.reverse()) {
    const answer = printed.safeParse(parse(line))
    if (!answer.success) continue
    const { code, message, remedy } = answer.data.error
    return new LoupeError(code in ERROR_CODES ? (code as ErrorCode) : 'unavailable', message, { remedy })
  }
  return new LoupeError('unavailable', 'the background process ended before the pages answered', {
    remedy: `see ${path}`,
  })
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
