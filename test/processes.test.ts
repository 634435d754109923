/** `loupe start`, `status` and `stop` from outside, over the real pages, compute, worker and database. */
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isAlive, type ProcessIdentity } from '../lib/processes/identity'
import { nextFreePort } from '../lib/processes/ports'
import { readSupervisorState, type SupervisorState } from '../lib/processes/supervisorState'
import type { StopReport } from '../scripts/supervisor/stop'
import type { LoupeStatus } from '../scripts/supervisor/status'
import { removeHome } from './support/home'
import { start, type Finished, type Started } from './support/program'
import { until } from './support/until'

/** A build may come first. */
const PATIENCE_MS = 15 * 60_000

const home = mkdtempSync(join(tmpdir(), 'loupe-processes-'))
// As root the database runs under another user, who has to get in.
chmodSync(home, 0o755)
const env = { LOUPE_HOME: home, DATABASE_URL: '' }
const loupe = (...args: string[]): Promise<Finished> => start(args, env).done
const state = (): SupervisorState => readSupervisorState(home)!
const childOf = (name: string) => state().children.find((child) => child.name === name)!

interface Printed {
  url: string
  pid: number
  running: boolean
}

let port: number
let first: Started
let printed: Printed
let processes: ProcessIdentity[]

beforeAll(async () => {
  port = await nextFreePort(23_000, '127.0.0.1')
  first = start(['start', '--json', '--no-open', '--port', String(port)], env)
  const ended = first.done.then(({ code, stderr }) => {
    throw new Error(`loupe start ended with ${code}:\n${stderr}`)
  })
  ended.catch(() => undefined)
  const [line] = (await Promise.race([once(first.child.stdout!, 'data'), ended])) as [Buffer]
  printed = JSON.parse(line.toString()) as Printed
  processes = [state().process, ...state().children.map((child) => child.process!)]
}, PATIENCE_MS)

afterAll(async () => {
  await loupe('stop')
  await removeHome(home)
})

const pageStatus = async () => (await fetch(`${printed.url}/`)).status

describe('loupe start', () => {
  it('prints the address once the pages answer there', async () => {
    expect(printed).toEqual({ url: `http://127.0.0.1:${port}`, pid: first.child.pid, running: false, detached: false })
    expect(await pageStatus()).toBe(200)
    expect(processes.map(isAlive)).toEqual([true, true, true, true])
  })

  it('says where Loupe is when it runs already', async () => {
    const second = await loupe('start', '--json', '--no-open')
    expect([second.code, second.json<Printed>()]).toEqual([
      0,
      expect.objectContaining({ url: printed.url, running: true }),
    ])
  })

  it('refuses to be reached from elsewhere', async () => {
    const { code, stderr } = await loupe('start', '--host', '0.0.0.0')
    expect([code, stderr]).toEqual([1, expect.stringContaining('ssh -N -L')])
  })

  it('starts compute and the database again when they are killed, and the pages stay', async () => {
    await until(async () => (await status()).compute !== null)
    process.kill(childOf('compute').process!.pid, 'SIGKILL')
    await until(() => childOf('compute').restarts === 1 && childOf('compute').state === 'running')
    expect(await pageStatus()).toBe(200)
    await until(async () => (await status()).compute !== null)
    const { processes: listed } = await status()
    process.kill(listed.find(({ name }) => name === 'database')!.pid!, 'SIGKILL')
    await until(async () => (await status()).database.running)
    await until(async () => (await pageStatus()) === 200)
    expect(readFileSync(join(home, 'logs', 'supervisor.log'), 'utf8')).toMatch(
      /compute ended \(SIGKILL\)[^]*the database ended and was started again/,
    )
  })

  it('is seen by loupe status', async () => {
    const found = await status()
    expect(found).toMatchObject({ running: true, ready: true, url: printed.url })
    expect(found.processes.map(({ name, state: now }) => [name, now])).toEqual(
      ['supervisor', 'web', 'compute', 'worker', 'database'].map((name) => [name, 'running']),
    )
    for (const { name, memoryBytes } of found.processes) {
      if (name !== 'database') expect(memoryBytes).toBeGreaterThan(2 ** 24)
    }
  })

  it('ends everything on Ctrl-C, in good order', async () => {
    const children = state().children.map((child) => child.process!)
    first.child.kill('SIGINT')
    expect((await first.done).code).toBe(0)
    expect(children.map(isAlive)).toEqual([false, false, false])
    expect(readSupervisorState(home)).toBeUndefined()
    expect(await status()).toMatchObject({ running: false, processes: [], database: { running: false } })
  })
})

describe('loupe start --detach', () => {
  it('goes on in the background until loupe stop', async () => {
    const started = await loupe('start', '--detach', '--json', '--no-open', '--port', String(port))
    expect([started.code, started.json<Printed>().url]).toEqual([0, printed.url])
    expect(await pageStatus()).toBe(200)
    const stopped = await loupe('stop', '--json')
    expect(stopped.json<StopReport>()).toEqual({
      stopped: ['supervisor', 'web', 'compute', 'worker', 'database'],
      leftovers: [],
      note: null,
    })
    await expect(fetch(printed.url)).rejects.toThrow()
  })

  it('hands on why it could not start', async () => {
    const blocker = createServer().listen(port, '127.0.0.1')
    await once(blocker, 'listening')
    const { code, stderr } = await loupe('start', '--detach', '--no-open', '--port', String(port))
    blocker.close()
    expect([code, stderr]).toEqual([1, expect.stringContaining(`port ${port} is taken by`)])
    expect(readSupervisorState(home)).toBeUndefined()
  })
})

async function status(): Promise<LoupeStatus> {
  return (await loupe('status', '--json')).json<LoupeStatus>()
}
