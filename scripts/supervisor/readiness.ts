/** Waits until processes answer. */
import { setTimeout as sleep } from 'node:timers/promises'
import { readSupervisorState, runningSupervisor, type SupervisorState } from '../../lib/processes/supervisorState'
import { LoupeError } from '../../trainer/errors'
import type { SupervisedChild } from './child'

const LOOK_EVERY_MS = 200
const ANSWER_WITHIN_MS = 5_000
/** A process whose port is taken ends within this time, while another program answers on the port. */
const SETTLED_MS = 1_000
const WEB_PATIENCE_MS = 120_000
/** Pages are useful without it, so the start does not wait longer for it. */
const COMPUTE_PATIENCE_MS = 30_000

/** Returns when the pages answer. Throws `unavailable` with the last line of the web process if it cannot run. */
export async function untilPagesAnswer(web: SupervisedChild, url: string, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + WEB_PATIENCE_MS
  for (;;) {
    if (signal.aborted) throw new LoupeError('cancelled', 'interrupted')
    const { state, since, log } = web.state
    const settled = state === 'running' && since !== null && Date.now() - Date.parse(since) >= SETTLED_MS
    if (settled && (await answers(`${url}/api/v1/status`))) return
    if (state === 'given-up' || Date.now() > deadline) {
      throw new LoupeError(
        'unavailable',
        `the pages do not start: ${web.lastLine || 'the web process printed nothing'}`,
        {
          remedy: `see ${log}; \`loupe doctor\` checks this machine`,
        },
      )
    }
    await sleep(LOOK_EVERY_MS)
  }
}

/** False if it does not answer in time, or is no longer started. */
export async function untilComputeAnswers(compute: SupervisedChild, url: string, token: string, signal: AbortSignal) {
  const deadline = Date.now() + COMPUTE_PATIENCE_MS
  while (!signal.aborted && Date.now() < deadline && compute.state.state !== 'given-up') {
    if (await computeHealth(url, token)) return true
    await sleep(LOOK_EVERY_MS)
  }
  return false
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })
    await response.body?.cancel()
    return response.status < 500
  } catch {
    return false
  }
}

/** What the compute process reports about itself; undefined if it does not answer. */
export async function computeHealth(url: string, token: string): Promise<object | undefined> {
  try {
    const headers = { authorization: `Bearer ${token}` }
    const response = await fetch(`${url}/health`, { headers, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })
    return response.ok ? ((await response.json()) as object) : undefined
  } catch {
    return undefined
  }
}

/** Waits for a supervisor in another process; throws when it ends before its pages answer. */
export async function untilReadyElsewhere(
  home: string,
  signal: AbortSignal,
): Promise<SupervisorState & { url: string }> {
  for (;;) {
    if (signal.aborted) throw new LoupeError('cancelled', 'interrupted')
    const state = runningSupervisor(home)
    if (!state) {
      const end = readSupervisorState(home) ? 'was killed' : 'ended'
      throw new LoupeError(
        'unavailable',
        `Loupe was starting in another process, which ${end} before its pages answered`,
        {
          remedy: 'run the command again',
        },
      )
    }
    if (state.ready && state.url !== null) return { ...state, url: state.url }
    await sleep(LOOK_EVERY_MS)
  }
}
