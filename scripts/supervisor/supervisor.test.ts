import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { isAlive, type ProcessIdentity } from '../../lib/processes/identity'
import { readSupervisorState, writeSupervisorState, type ChildState } from '../../lib/processes/supervisorState'
import { until } from '../../test/support/until'
import type { Program } from './child'
import { claimHome, type Supervisor } from './supervisor'
import { stopLoupe } from './stop'

const homes: string[] = []
afterAll(() => Promise.all(homes.map((home) => rm(home, { recursive: true, force: true }))))

async function newHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'loupe-supervisor-'))
  homes.push(home)
  return home
}

const running: Supervisor[] = []
afterEach(async () => {
  await Promise.all(running.map((supervisor) => supervisor.stopChildren(100)))
  running.length = 0
})

/** A supervisor in this process, with everything it says. */
async function supervise(home: string, programs: Program[]): Promise<{ supervisor: Supervisor; said: string[] }> {
  const said: string[] = []
  const claimed = await claimHome(home, (line) => said.push(line), 300)
  if (!('supervisor' in claimed)) throw new Error('the home is taken')
  running.push(claimed.supervisor)
  claimed.supervisor.start(programs)
  return { supervisor: claimed.supervisor, said }
}

const stub = (name: string, code: string): Program => ({
  name,
  args: ['-e', code],
  cwd: tmpdir(),
  env: {},
  serves: `${name} things`,
})
const STAYS = 'setInterval(() => {}, 1000)'
const ENDS = 'console.error("error no such luck"); process.exit(7)'
const IGNORES_SIGTERM = `process.on('SIGTERM', () => {}); console.log('deaf'); ${STAYS}`

const logOf = (home: string, name: string) => readFileSync(join(home, 'logs', `${name}.log`), 'utf8')
const childOf = (home: string, name: string): ChildState | undefined =>
  readSupervisorState(home)?.children.find((child) => child.name === name)

describe('a supervisor', () => {
  it('keeps its state for others, readable by the owner only', async () => {
    const home = await newHome()
    const { supervisor } = await supervise(home, [stub('web', STAYS)])
    supervisor.update({ url: 'http://127.0.0.1:3000', token: 'secret' })
    const state = readSupervisorState(home)!
    expect(state).toMatchObject({ url: 'http://127.0.0.1:3000', ready: false, process: { pid: process.pid } })
    expect(isAlive(state.children[0]!.process!)).toBe(true)
    expect((await stat(join(home, 'supervisor.json'))).mode & 0o777).toBe(0o600)
  })

  it('says when a child is killed, and starts it again', async () => {
    const home = await newHome()
    const { said } = await supervise(home, [stub('web', STAYS), stub('compute', STAYS)])
    const before = childOf(home, 'compute')!.process!
    process.kill(before.pid, 'SIGKILL')
    await until(() => childOf(home, 'compute')?.restarts === 1)
    const after = childOf(home, 'compute')!
    expect(after).toMatchObject({ state: 'running', lastEnd: 'SIGKILL' })
    expect(after.process!.pid).not.toBe(before.pid)
    expect(childOf(home, 'web')).toMatchObject({ restarts: 0, state: 'running' })
    expect(said).toEqual([expect.stringMatching(/^compute ended \(SIGKILL\) and starts again in 0.5 s.*compute\.log$/)])
  })

  it('gives up a child that always ends, shows its errors, and keeps the others', async () => {
    const home = await newHome()
    const { said } = await supervise(home, [stub('web', STAYS), stub('worker', ENDS)])
    await until(() => childOf(home, 'worker')?.state === 'given-up')
    expect(childOf(home, 'worker')).toMatchObject({ restarts: 4, lastEnd: 'exit code 7', process: null })
    expect(said.filter((line) => line === 'worker: error no such luck')).toHaveLength(5)
    expect(said.at(-2)).toMatch(/worker ended 5 times within a minute \(exit code 7\) and is not started again/)
    expect(said.at(-1)).toMatch(/there is no worker things/)
    expect(childOf(home, 'web')?.state).toBe('running')
    expect(logOf(home, 'worker')).toMatch(/^\d{4}-.*Z error no such luck$/m)
  })

  it('ends its children in order, and kills one that does not listen', async () => {
    const home = await newHome()
    const bye = (name: string) =>
      `process.on('SIGTERM', () => { console.log('bye'); process.exit() }); console.log('${name} up'); ${STAYS}`
    const { supervisor, said } = await supervise(home, [
      stub('web', bye('web')),
      stub('compute', bye('compute')),
      stub('worker', IGNORES_SIGTERM),
    ])
    const pids = supervisor.state.children.map((child) => child.process!)
    const log = (name: string) => logOf(home, name)
    await until(() => /web up/.test(log('web')) && /compute up/.test(log('compute')) && /deaf/.test(log('worker')))
    await supervisor.stopChildren(500)
    expect(pids.map(isAlive)).toEqual([false, false, false])
    expect(said).toEqual([expect.stringMatching(/^worker was still busy after 0.5 s and was killed$/)])
    const timeOf = (name: string) => Date.parse(/^(\S+) bye$/m.exec(log(name))![1]!)
    expect(timeOf('web')).toBeLessThanOrEqual(timeOf('compute'))
    supervisor.release()
    expect(existsSync(join(home, 'supervisor.json'))).toBe(false)
  })
})

const PROGRAM = fileURLToPath(new URL('../../test/support/stubSupervisor.ts', import.meta.url))

/** A supervisor in a separate process; returns when its children run. */
async function superviseElsewhere(home: string, programs: Program[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, home, JSON.stringify(programs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const exit = once(child, 'exit')
  await until(() => /^(up|running \d+)$/m.test(output))
  return { child, exit, output: () => output }
}

const processesOf = (home: string): ProcessIdentity[] =>
  readSupervisorState(home)!.children.map((child) => child.process!)

describe('a supervisor that is killed', () => {
  it('takes its children with it', async () => {
    const home = await newHome()
    const { child, exit } = await superviseElsewhere(home, [stub('web', STAYS), stub('compute', STAYS)])
    const children = processesOf(home)
    expect(children.map(isAlive)).toEqual([true, true])
    child.kill('SIGKILL')
    await exit
    await until(() => !children.some(isAlive))
    // The home is free for the next start.
    const { said } = await supervise(home, [stub('web', STAYS)])
    expect(said).toEqual([])
    expect(readSupervisorState(home)!.process.pid).toBe(process.pid)
  })

  it('leaves nothing that the next start does not end', async () => {
    const home = await newHome()
    const { child, exit } = await superviseElsewhere(home, [stub('web', IGNORES_SIGTERM)])
    await until(() => logOf(home, 'web').includes('deaf'))
    const [web] = processesOf(home)
    child.kill('SIGKILL')
    await exit
    const { said, supervisor } = await supervise(home, [stub('web', STAYS)])
    expect(isAlive(web!)).toBe(false)
    expect(said).toEqual(['stopped what a killed supervisor left: web'])
    expect(supervisor.state.children[0]!.process!.pid).not.toBe(web!.pid)
  })

  it('leaves nothing that loupe stop does not end', async () => {
    const home = await newHome()
    const { child, exit } = await superviseElsewhere(home, [stub('web', IGNORES_SIGTERM)])
    await until(() => logOf(home, 'web').includes('deaf'))
    const [web] = processesOf(home)
    child.kill('SIGKILL')
    await exit
    expect(await stopLoupe(home, 300)).toEqual({ stopped: ['web'], leftovers: ['web'], note: null })
    expect(isAlive(web!)).toBe(false)
    expect(await stopLoupe(home)).toEqual({ stopped: [], leftovers: [], note: null })
  })
})

describe('one home', () => {
  it('has one supervisor, and a second finds it', async () => {
    const home = await newHome()
    const first = await superviseElsewhere(home, [stub('web', STAYS)])
    const second = await superviseElsewhere(home, [stub('web', STAYS)])
    expect(second.output()).toContain(`running ${first.child.pid}`)
    expect(await stopLoupe(home)).toEqual({ stopped: ['supervisor', 'web'], leftovers: [], note: null })
    expect(await first.exit).toEqual([0, null])
    expect(readSupervisorState(home)).toBeUndefined()
  })

  it('is free if another process has the number of a dead supervisor', async () => {
    const home = await newHome()
    const { child, exit } = await superviseElsewhere(home, [])
    const state = readSupervisorState(home)!
    child.kill('SIGKILL')
    await exit
    const stranger = { ...state, process: { pid: process.pid, started: '1' } }
    writeSupervisorState(home, stranger)
    const { supervisor } = await supervise(home, [])
    expect(supervisor.state.process.pid).toBe(process.pid)
  })
})
