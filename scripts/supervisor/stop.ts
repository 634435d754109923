/** `loupe stop`: stops everything of a LOUPE_HOME. */
import { databaseStatus } from '../../lib/db/embedded'
import { isAlive, untilGone } from '../../lib/processes/identity'
import { readSupervisorState, removeSupervisorState } from '../../lib/processes/supervisorState'
import { LoupeError } from '../../trainer/errors'
import { GRACE_MS } from './child'
import { endDatabase } from './database'
import { endLeftovers } from './supervisor'

/** Web, then worker and compute, then the database, each with its grace period, and some more. */
const PATIENCE_MS = 4 * GRACE_MS

export interface StopReport {
  /** What was running and is now stopped: supervisor, web, compute, worker, database. */
  stopped: string[]
  /** Processes that were left by a supervisor that was killed. */
  leftovers: string[]
  note: string | null
}

/** Also works after the supervisor was killed. */
export async function stopLoupe(home: string, graceMs = GRACE_MS): Promise<StopReport> {
  const state = readSupervisorState(home)
  if (!state) return { stopped: [], leftovers: [], note: null }
  const database = await databaseStatus({ home })
  const children = state.children.flatMap(({ name, process }) => (process && isAlive(process) ? [name] : []))
  const supervised = isAlive(state.process)
  if (supervised) await endSupervisor(state.process)
  // Only present if the supervisor was killed, before or just now.
  const left = readSupervisorState(home)
  const leftovers = left ? await endLeftovers(left, graceMs) : []
  const note = left ? await endDatabase(home, left.ownsDatabase) : undefined
  removeSupervisorState(home)
  const ended = database.kind === 'embedded' && database.running && !(await databaseStatus({ home })).running
  return {
    stopped: [...(supervised ? ['supervisor'] : []), ...children, ...(ended ? ['database'] : [])],
    leftovers,
    note: note ?? null,
  }
}

async function endSupervisor(identity: { pid: number; started: string }): Promise<void> {
  const { pid } = identity
  try {
    process.kill(pid, 'SIGTERM')
    if (await untilGone(identity, PATIENCE_MS)) return
    process.kill(pid, 'SIGKILL')
    await untilGone(identity, GRACE_MS)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ESRCH') return
    if (code !== 'EPERM') throw error
    throw new LoupeError('unavailable', `Loupe runs as another user (process ${pid})`, {
      remedy: 'stop it as that user',
    })
  }
}
