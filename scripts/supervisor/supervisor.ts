/** The supervisor of one LOUPE_HOME: its child processes, and the file that describes them. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { withFileLock } from '../../lib/db/fileLock'
import { killTree } from '../../lib/processes/child'
import { identityOf, isAlive, untilGone } from '../../lib/processes/identity'
import {
  readSupervisorState,
  removeSupervisorState,
  runningSupervisor,
  writeSupervisorState,
  type SupervisorState,
} from '../../lib/processes/supervisorState'
import { GRACE_MS, SupervisedChild, type Program } from './child'
import { LogFile, logPath } from './logFile'

type Facts = Omit<SupervisorState, 'process' | 'startedAt' | 'children'>

export class Supervisor {
  private children: SupervisedChild[] = []
  private readonly log: LogFile
  private readonly startedAt = new Date().toISOString()
  private facts: Facts

  /** Only for `claimHome`, under its lock. */
  constructor(
    private readonly home: string,
    private readonly show: (line: string) => void,
    before: SupervisorState | undefined,
  ) {
    this.log = new LogFile(logPath(home, 'supervisor'))
    const ownsDatabase = before?.ownsDatabase ?? false
    this.facts = { ready: false, url: null, computeUrl: null, token: null, ownsDatabase }
    this.save()
  }

  get state(): SupervisorState {
    const children = this.children.map((child) => child.state)
    return { process: identityOf(process.pid), startedAt: this.startedAt, ...this.facts, children }
  }

  /** Writes a line to the terminal and to the log. */
  readonly say = (line: string): void => {
    this.log.write(line)
    this.show(line)
  }

  update(facts: Partial<Facts>): void {
    this.facts = { ...this.facts, ...facts }
    this.save()
  }

  start(programs: readonly Program[]): void {
    const options = { home: this.home, say: this.say, onChange: () => this.save() }
    this.children = programs.map((program) => new SupervisedChild({ ...options, program }))
    for (const child of this.children) child.start()
  }

  /** Restarts the children with new arguments or another environment. */
  replace(programs: readonly Program[]): void {
    for (const program of programs) this.child(program.name)?.replace(program)
  }

  child(name: string): SupervisedChild | undefined {
    return this.children.find((child) => child.name === name)
  }

  /** Stops the children. The first one takes the requests, so it stops before the others. */
  async stopChildren(graceMs?: number): Promise<void> {
    const [first, ...others] = this.children
    await first?.stop(graceMs)
    await Promise.all(others.map((child) => child.stop(graceMs)))
  }

  /** Removes the state file: LOUPE_HOME is free for the next supervisor. */
  release(): void {
    this.log.write('stopped')
    this.log.close()
    removeSupervisorState(this.home)
  }

  private save(): void {
    writeSupervisorState(this.home, this.state)
  }
}

/**
 * Makes this process the supervisor of a LOUPE_HOME, after stopping what a killed supervisor left; or returns the state
 * of the supervisor that runs.
 */
export async function claimHome(
  home: string,
  show: (line: string) => void,
  graceMs?: number,
): Promise<{ supervisor: Supervisor } | { running: SupervisorState }> {
  await mkdir(home, { recursive: true })
  return withFileLock(join(home, 'supervisor.lock'), { purpose: 'starting Loupe' }, async () => {
    const running = runningSupervisor(home)
    if (running) return { running }
    const before = readSupervisorState(home)
    const ended = before ? await endLeftovers(before, graceMs) : []
    const supervisor = new Supervisor(home, show, before)
    if (ended.length > 0) supervisor.say(`stopped what a killed supervisor left: ${ended.join(', ')}`)
    return { supervisor }
  })
}

/** Stops the children of a supervisor that is gone; returns the names of those that were still running. */
export async function endLeftovers(state: SupervisorState, graceMs = GRACE_MS): Promise<string[]> {
  const living = state.children.flatMap(({ name, process: identity }) =>
    identity && isAlive(identity) ? [{ name, identity }] : [],
  )
  await Promise.all(
    living.map(async ({ identity }) => {
      process.kill(identity.pid, 'SIGTERM')
      if (await untilGone(identity, graceMs)) return
      killTree(identity.pid)
      await untilGone(identity, graceMs)
    }),
  )
  return living.map(({ name }) => name)
}
