/** What `loupe status` shows: processes, database, workers. */
import { databaseStatus, type DatabaseStatus } from '../../lib/db/embedded'
import { withoutPassword } from '../../lib/db/withoutPassword'
import { isAlive, memoryOf, type ProcessIdentity } from '../../lib/processes/identity'
import { readSupervisorState, type SupervisorState } from '../../lib/processes/supervisorState'
import { computeHealth } from './readiness'

export interface ProcessStatus {
  name: string
  /** running, waiting (to start again), given-up, stopped, or left (its supervisor was killed). */
  state: string
  pid: number | null
  uptimeSeconds: number | null
  restarts: number
  memoryBytes: number | null
  lastEnd: string | null
  log: string | null
}

export interface LoupeStatus {
  running: boolean
  ready: boolean
  url: string | null
  processes: ProcessStatus[]
  database: { kind: DatabaseStatus['kind']; running: boolean; url: string | null; version: string | null }
  /** What the compute process reports about itself, if it answers. */
  compute: object | null
  /** Processes that take part in jobs, on this machine and others. */
  workers: { host: string; pid: number; engine: string; heartbeatAt: string }[]
}

export async function loupeStatus(home: string): Promise<LoupeStatus> {
  const state = readSupervisorState(home)
  const running = state !== undefined && isAlive(state.process)
  const database = await databaseStatus({ home })
  const [workers, compute] = await Promise.all([
    database.running && database.url ? listWorkers(database.url) : [],
    running && state.computeUrl && state.token ? computeHealth(state.computeUrl, state.token) : undefined,
  ])
  const { kind, url, version, pid } = database
  return {
    running,
    ready: running && state.ready,
    url: running ? state.url : null,
    processes: [
      ...(state ? processes(state, running) : []),
      ...(pid === undefined ? [] : [databaseProcess(pid, database)]),
    ],
    database: { kind, running: database.running, url: url ? withoutPassword(url) : null, version: version ?? null },
    compute: compute ?? null,
    workers,
  }
}

function processes(state: SupervisorState, running: boolean): ProcessStatus[] {
  const supervisor = row('supervisor', running ? 'running' : 'killed', running ? state.process : null, state.startedAt)
  const children = state.children.map((child) => {
    const alive = child.process !== null && isAlive(child.process)
    const shown = running ? child.state : alive ? 'left' : 'ended'
    const { restarts, lastEnd, log } = child
    return { ...row(child.name, shown, alive ? child.process : null, child.since), restarts, lastEnd, log }
  })
  return [supervisor, ...children]
}

function row(name: string, state: string, process: ProcessIdentity | null, since: string | null): ProcessStatus {
  return {
    name,
    state,
    pid: process?.pid ?? null,
    restarts: 0,
    lastEnd: null,
    log: null,
    uptimeSeconds: process && since ? Math.round((Date.now() - Date.parse(since)) / 1000) : null,
    memoryBytes: process ? (memoryOf(process.pid) ?? null) : null,
  }
}

/** Without its memory: its processes share most of theirs. */
function databaseProcess(pid: number, { log }: DatabaseStatus): ProcessStatus {
  const unknown = { uptimeSeconds: null, memoryBytes: null, lastEnd: null }
  return { name: 'database', state: 'running', pid, restarts: 0, ...unknown, log: log ?? null }
}

async function listWorkers(url: string): Promise<LoupeStatus['workers']> {
  // Loaded only if the database runs: the client takes a fifth of a second.
  const { connectDatabase } = await import('../../lib/db/connect')
  await using database = connectDatabase(url, { connections: 1 })
  try {
    const rows = await database.prisma.worker.findMany({ orderBy: { heartbeatAt: 'desc' } })
    return rows.map(({ host, pid, engine, heartbeatAt }) => ({
      host,
      pid,
      engine,
      heartbeatAt: heartbeatAt.toISOString(),
    }))
  } catch {
    // A database that no command has migrated yet does not have this table.
    return []
  }
}
