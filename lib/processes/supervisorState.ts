/** `supervisor.json`: the running processes of one LOUPE_HOME. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { isAlive } from './identity'

const identity = z.strictObject({
  pid: z.int().positive().describe('process number'),
  started: z.string().describe('when it started, in the system’s format'),
})

const child = z.strictObject({
  name: z.string().describe('web, compute or worker'),
  state: z.enum(['running', 'waiting', 'given-up', 'stopped']).describe('waiting: ended, to be started again soon'),
  process: identity.nullable().describe('while it runs'),
  since: z.iso.datetime().nullable().describe('start of the current process'),
  restarts: z.int().describe('number of restarts'),
  lastEnd: z.string().nullable().describe('how it last ended: exit code or signal'),
  log: z.string().describe('file with its output'),
})
export type ChildState = z.infer<typeof child>

const supervisor = z.strictObject({
  process: identity.describe('the supervisor'),
  startedAt: z.iso.datetime().describe('start of the supervisor'),
  ready: z.boolean().describe('whether the pages have answered'),
  url: z.string().nullable().describe('address of the pages; null until it is chosen'),
  computeUrl: z.string().nullable().describe('address of the compute process'),
  token: z.string().nullable().describe('token that the compute process requires'),
  ownsDatabase: z.boolean().describe('whether this supervisor, or a killed one before it, started the database'),
  children: z.array(child).describe('its processes'),
})
export type SupervisorState = z.infer<typeof supervisor>

const stateFile = (home: string): string => join(home, 'supervisor.json')

/** Undefined if nothing was started, or if this version cannot read the file. */
export function readSupervisorState(home: string): SupervisorState | undefined {
  try {
    return supervisor.parse(JSON.parse(readFileSync(stateFile(home), 'utf8')))
  } catch {
    return undefined
  }
}

/** The state of the supervisor, if it runs. */
export function runningSupervisor(home: string): SupervisorState | undefined {
  const state = readSupervisorState(home)
  return state && isAlive(state.process) ? state : undefined
}

/** Readable by the owner only, because it holds the token. Synchronous, so that the last write holds the last state. */
export function writeSupervisorState(home: string, state: SupervisorState): void {
  const unfinished = `${stateFile(home)}.${process.pid}`
  writeFileSync(unfinished, JSON.stringify(state, null, 2), { mode: 0o600 })
  renameSync(unfinished, stateFile(home))
}

export function removeSupervisorState(home: string): void {
  rmSync(stateFile(home), { force: true })
}
