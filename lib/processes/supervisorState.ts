/** What is remembered about the running processes of one LOUPE_HOME: `supervisor.json`. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { isAlive } from './identity'

const identity = z.strictObject({
  pid: z.int().positive().describe('number of the process'),
  started: z.string().describe('when it started, as the system says it'),
})

const child = z.strictObject({
  name: z.string().describe('web, compute or worker'),
  state: z.enum(['running', 'waiting', 'given-up', 'stopped']).describe('waiting: ended, to be started again soon'),
  process: identity.nullable().describe('while it runs'),
  since: z.iso.datetime().nullable().describe('start of the present process'),
  restarts: z.int().describe('how often it was started again'),
  lastEnd: z.string().nullable().describe('how it ended last: exit code or signal'),
  log: z.string().describe('file of what it prints'),
})
export type ChildState = z.infer<typeof child>

const supervisor = z.strictObject({
  process: identity.describe('the supervisor'),
  startedAt: z.iso.datetime().describe('start of the supervisor'),
  ready: z.boolean().describe('the pages have answered'),
  url: z.string().nullable().describe('address of the pages, once it is chosen'),
  computeUrl: z.string().nullable().describe('address of the compute process'),
  token: z.string().nullable().describe('what the compute process asks its callers for'),
  ownsDatabase: z.boolean().describe('this supervisor, or one before it that was killed, started the database'),
  children: z.array(child).describe('the processes it looks after'),
})
export type SupervisorState = z.infer<typeof supervisor>

const stateFile = (home: string): string => join(home, 'supervisor.json')

/** Undefined when nothing was started, or when the file says nothing that this version understands. */
export function readSupervisorState(home: string): SupervisorState | undefined {
  try {
    return supervisor.parse(JSON.parse(readFileSync(stateFile(home), 'utf8')))
  } catch {
    return undefined
  }
}

/** The state of a supervisor that lives. */
export function runningSupervisor(home: string): SupervisorState | undefined {
  const state = readSupervisorState(home)
  return state && isAlive(state.process) ? state : undefined
}

/** Readable by the owner only, for it holds the token. Synchronous: what is written last is what is true. */
export function writeSupervisorState(home: string, state: SupervisorState): void {
  const unfinished = `${stateFile(home)}.${process.pid}`
  writeFileSync(unfinished, JSON.stringify(state, null, 2), { mode: 0o600 })
  renameSync(unfinished, stateFile(home))
}

export function removeSupervisorState(home: string): void {
  rmSync(stateFile(home), { force: true })
}
