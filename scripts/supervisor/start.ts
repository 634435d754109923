/** From nothing to pages that answer. */
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
  /** Given by the user: no other will do. */
  port?: number
  /** Leave the database running at the end. */
  keepDatabase: boolean
  /** This process has started the database already. */
  ownsDatabase?: boolean
}

export interface StartedLoupe {
  url: string
  pid: number
  /** True when it ran already: somebody else looks after it. */
  running: boolean
  /** Looks after the processes until the command is interrupted, then ends them all. Absent when it ran already. */
  untilStopped?: () => Promise<void>
}

/** Between the ports that services have and those that systems give to outgoing connections. */
const COMPUTE_PORTS = { from: 20_000, to: 30_000 }

/** Builds, starts everything, and returns once the pages answer; or finds it running. */
export async function startLoupe(options: StartOptions, context: Context): Promise<StartedLoupe> {
  const host = loopbackAddress(options.host, options.port ?? defaultPort())
  const { signal, terminal } = context
  const home = loupeHome()
  const claimed = await claimHome(home, (line) => terminal.note(line))
  if ('running' in claimed) {
    if (!claimed.running.ready) terminal.note(`Loupe is starting already (process ${claimed.running.process.pid})`)
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

/** What has to be there before anything can start: the pages, a backend to compute on, the database. */
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

/** The port asked for, or from the usual one upwards the first that is free. */
async function choosePort({ host, port }: StartOptions, say: (line: string) => void): Promise<number> {
  const wanted = port ?? defaultPort()
  if ((await tryPort(wanted, host)) !== undefined) return wanted
  const holder = await portHolder(wanted)
  if (port !== undefined) {
    throw new LoupeError('conflict', `port ${port} is taken by ${holder}`, {
      remedy: 'end it, or name another port, or leave --port out to take the next free one',
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
