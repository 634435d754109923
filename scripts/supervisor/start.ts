/** `loupe start`: from nothing to pages that answer. */
import { randomBytes, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { loupeHome } from '../../lib/base/config'
import { defaultPort, nextFreePort, portHolder, tryPort } from '../../lib/processes/ports'
import { ensureBuilt } from '../../lib/web/build'
import { LoupeError } from '../../trainer/errors'
import { prepareBackend } from '../cli/backend'
import type { Context } from '../cli/context'
import { endDatabase, openForChildren, watchDatabase } from './database'
import { addressOf, loopbackAddress } from './host'
import { loupePrograms } from './programs'
import { untilComputeAnswers, untilPagesAnswer, untilReadyElsewhere } from './readiness'
import { claimHome, type Supervisor } from './supervisor'

export interface StartOptions {
  host: string
  /** Required by the user; without it the first free port is used. */
  port?: number
  /** Leave the database running at the end. */
  keepDatabase: boolean
  /** This process already started the database. */
  ownsDatabase?: boolean
}

export interface StartedLoupe {
  url: string
  pid: number
  /** True if Loupe already ran: another process supervises it. */
  running: boolean
  /** Supervises the processes until the command is interrupted, then stops them all. Absent if Loupe already ran. */
  untilStopped?: () => Promise<void>
}

/** Between the ports of services and those that systems use for outgoing connections. */
const COMPUTE_PORTS = { from: 20_000, to: 30_000 }

/** Builds and starts everything, and returns when the pages answer; or returns the Loupe that already runs. */
export async function startLoupe(options: StartOptions, context: Context): Promise<StartedLoupe> {
  const host = loopbackAddress(options.host, options.port ?? defaultPort())
  const { signal, terminal } = context
  const home = loupeHome()
  const claimed = await claimHome(home, (line) => terminal.note(line))
  if ('running' in claimed) {
    if (!claimed.running.ready) terminal.note(`Loupe is already starting (process ${claimed.running.process.pid})`)
    const { url, process: identity } = await untilReadyElsewhere(home, signal)
    return { url, pid: identity.pid, running: true }
  }
  const { supervisor } = claimed
  const ended = new AbortController()
  let watching: Promise<void> | undefined
  const stop = async () => {
    ended.abort()
    await watching
    await stopEverything(supervisor, options.keepDatabase)
  }
  try {
    if (options.port !== undefined) await choosePort({ ...options, host }, supervisor.say)
    const database = await prepare(supervisor, options, context)
    const { url, programs } = await plan(supervisor, { ...options, host }, context)
    if (signal.aborted) throw new LoupeError('cancelled', 'interrupted')
    supervisor.start(programs(database.url))
    const onMoved = (moved: string) => supervisor.replace(programs(moved))
    watching = watchDatabase({ url: database.url, signal: ended.signal, say: supervisor.say, onMoved })
    await untilReady(supervisor, signal)
    const untilStopped = async () => {
      if (!signal.aborted) await once(signal, 'abort')
      await stop()
    }
    return { url, pid: process.pid, running: false, untilStopped }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Prepares what everything needs: the pages, a backend to compute on, the database. */
async function prepare(supervisor: Supervisor, { ownsDatabase = false }: StartOptions, context: Context) {
  await ensureBuilt({ signal: context.signal, onStep: supervisor.say })
  await prepareBackend(context.options.backend, context.terminal)
  const database = await openForChildren()
  for (const note of database.notes) supervisor.say(note)
  if (database.started || ownsDatabase) supervisor.update({ ownsDatabase: true })
  return database
}

/** Chooses ports and the token of the compute process. */
async function plan(supervisor: Supervisor, options: StartOptions, context: Context) {
  const { host } = options
  const port = await choosePort(options, supervisor.say)
  const computePort = await nextFreePort(randomInt(COMPUTE_PORTS.from, COMPUTE_PORTS.to), '127.0.0.1')
  const token = randomBytes(24).toString('base64url')
  const url = addressOf(host, port)
  supervisor.update({ url, computeUrl: addressOf('127.0.0.1', computePort), token })
  const { backend } = context.options
  const programs = (databaseUrl: string) => loupePrograms({ host, port, computePort, databaseUrl, token, backend })
  return { url, programs }
}

async function untilReady(supervisor: Supervisor, signal: AbortSignal): Promise<void> {
  const { url, computeUrl, token } = supervisor.state
  const [web, compute] = [supervisor.child('web')!, supervisor.child('compute')!]
  const computing = untilComputeAnswers(compute, computeUrl!, token!, signal)
  await untilPagesAnswer(web, url!, signal)
  if (!(await computing) && !signal.aborted) {
    supervisor.say(`warning: compute does not answer yet, so nothing can be steered; see ${compute.state.log}`)
  }
  supervisor.update({ ready: true })
}

/** The required port, or the first free port from the default upwards. */
async function choosePort({ host, port }: StartOptions, say: (line: string) => void): Promise<number> {
  const wanted = port ?? defaultPort()
  if ((await tryPort(wanted, host)) !== undefined) return wanted
  const holder = await portHolder(wanted)
  if (port !== undefined) {
    throw new LoupeError('conflict', `port ${port} is taken by ${holder}`, {
      remedy: 'stop that program, name another port, or leave --port out to use the next free one',
    })
  }
  const free = await nextFreePort(wanted + 1, host)
  say(`port ${wanted} is taken by ${holder}: using ${free}`)
  return free
}

async function stopEverything(supervisor: Supervisor, keepDatabase: boolean): Promise<void> {
  await supervisor.stopChildren()
  const note = await endDatabase(loupeHome(), supervisor.state.ownsDatabase && !keepDatabase)
  if (note) supervisor.say(note)
  supervisor.release()
}
