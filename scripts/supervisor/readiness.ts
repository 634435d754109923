/** Waiting for processes to answer. */
import { setTimeout as sleep } from 'node:timers/promises'
import { readSupervisorState, runningSupervisor, type SupervisorState } from '../../lib/processes/supervisorState'
import { LoupeError } from '../../trainer/errors'
import type { SupervisedChild } from './child'

const LOOK_EVERY_MS = 200
const ANSWER_WITHIN_MS = 5_000
/** A process that cannot have its port ends within this time, while whoever has it answers in its place. */
const SETTLED_MS = 1_000
const WEB_PATIENCE_MS = 120_000
/** Pages are of use without it, so nobody waits longer for it. */
const COMPUTE_PATIENCE_MS = 30_000

/** Returns once the pages answer. Throws `unavailable` with the last words of the web process when it cannot run. */
export async function untilPagesAnswer(web: SupervisedChild, url: string, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + WEB_PATIENCE_MS
  for (;;) {
    if (signal.aborted) throw new LoupeError('cancelled', 'interrupted')
    const { state, since, log } = web.state
    const settled = state === 'running' && since !== null && Date.now() - Date.parse(since) >= SETTLED_MS
    if (settled && (await answers(`${url}/api/v1/status`))) return
    if (state === 'given-up' || Date.now() > deadline) {
      throw new LoupeError('unavailable', `the pages do not come up: ${web.lastWords || 'the web process is silent'}`, {
        remedy: `see ${log}; \`loupe doctor\` checks this machine`,
      })
    }
    await sleep(LOOK_EVERY_MS)
  }
}

/** False when it does not answer in time, or is given up. */
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

/** What the compute process says of itself; undefined when it does not answer. */
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
      const found = readSupervisorState(home) ? 'was killed' : 'ended'
      throw new LoupeError('unavailable', `the Loupe that was starting ${found} before its pages answered`, {
        remedy: 'run the command again',
      })
    }
    if (state.ready && state.url !== null) return { ...state, url: state.url }
    await sleep(LOOK_EVERY_MS)
  }
}
