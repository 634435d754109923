/** One process that is kept running: its output goes to a log; when it ends, a line says so and it starts again. */
import { createInterface } from 'node:readline'
import { stripVTControlCharacters } from 'node:util'
import { killTree, spawnNode, type NodeChild } from '../../lib/processes/child'
import { identityOf, type ProcessIdentity } from '../../lib/processes/identity'
import type { ChildState } from '../../lib/processes/supervisorState'
import { LogFile, logPath } from './logFile'
import { MOST_ENDS, RestartPolicy } from './restarts'

export const GRACE_MS = 15_000

/** What to run. */
export interface Program {
  name: string
  /** Arguments of `node`. */
  args: readonly string[]
  cwd: string
  env: Record<string, string | undefined>
  /** What does not work while it does not run, for the message: `steering`. */
  serves: string
  /** How long it may take to end (default 15 s). */
  graceMs?: number
}

export interface ChildOptions {
  home: string
  program: Program
  /** Shows a line to the person at the terminal. */
  say: (line: string) => void
  /** Called after every change of `state`. */
  onChange: () => void
}

/** How long to wait for the last lines of an ended process: its own children may keep its pipes open. */
const LAST_WORDS_MS = 300

/** Lines that a person should see without opening the log. */
const IMPORTANT = /^(warning|error)\b/

export class SupervisedChild {
  private program: Program
  private child: NodeChild | undefined
  private process: ProcessIdentity | undefined
  private startedAt = 0
  private status: ChildState['state'] = 'stopped'
  private restarts = 0
  private lastEnd: string | null = null
  private printed = ''
  private timer: NodeJS.Timeout | undefined
  private ended: Promise<void> = Promise.resolve()
  private readonly policy = new RestartPolicy()
  private readonly log: LogFile

  constructor(private readonly options: ChildOptions) {
    this.program = options.program
    this.log = new LogFile(logPath(options.home, options.program.name))
  }

  get name(): string {
    return this.program.name
  }

  get state(): ChildState {
    return {
      name: this.name,
      state: this.status,
      process: this.process ?? null,
      since: this.process ? new Date(this.startedAt).toISOString() : null,
      restarts: this.restarts,
      lastEnd: this.lastEnd,
      log: this.log.path,
    }
  }

  /** The last line that the process printed. */
  get lastLine(): string {
    return this.printed
  }

  start(): void {
    const { args, cwd, env } = this.program
    const child = spawnNode(args, { cwd, env })
    this.child = child
    this.startedAt = Date.now()
    this.status = 'running'
    this.process = child.pid === undefined ? undefined : identityOf(child.pid)
    this.log.write(`— started as process ${child.pid ?? 'none'}`)
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.hear(line))
    }
    this.ended = endOf(child, (error) => this.hear(`error ${error.message}`)).then((how) => this.afterEnd(how))
    this.options.onChange()
  }

  /** Asks the process to end, and kills it after `graceMs`. */
  async stop(graceMs = this.program.graceMs ?? GRACE_MS): Promise<void> {
    clearTimeout(this.timer)
    const { child } = this
    const wasRunning = this.status === 'running'
    this.status = 'stopped'
    if (wasRunning && child?.pid !== undefined) {
      const { pid } = child
      child.kill('SIGTERM')
      const kill = setTimeout(() => {
        this.options.say(`${this.name} was still busy after ${graceMs / 1000} s and was killed`)
        killTree(pid)
      }, graceMs)
      await this.ended
      clearTimeout(kill)
    }
    this.log.close()
    this.options.onChange()
  }

  /** Changes what runs. The current process ends, and the next one starts as after any end. */
  replace(program: Program): void {
    this.program = program
    this.child?.kill('SIGTERM')
  }

  private hear(line: string): void {
    this.log.write(line)
    const text = stripVTControlCharacters(line).trim()
    if (text === '') return
    this.printed = text
    if (IMPORTANT.test(text)) this.options.say(`${this.name}: ${text}`)
  }

  private afterEnd(how: string): void {
    this.process = undefined
    this.lastEnd = how
    this.log.write(`— ended: ${how}`)
    if (this.status === 'stopped') return
    const { say } = this.options
    const now = Date.now()
    const delay = this.policy.afterEnd(now, now - this.startedAt)
    const log = `its log is ${this.log.path}`
    if (delay === undefined) {
      this.status = 'given-up'
      say(`${this.name} ended ${MOST_ENDS} times within a minute (${how}) and is not started again; ${log}`)
      say(`without it there is no ${this.program.serves}; to try again: \`loupe stop\`, then \`loupe start\``)
    } else {
      this.status = 'waiting'
      say(`${this.name} ended (${how}) and starts again in ${delay / 1000} s; ${log}`)
      this.timer = setTimeout(() => this.again(), delay)
    }
    this.options.onChange()
  }

  private again(): void {
    this.restarts += 1
    this.start()
  }
}

/** Resolves with the exit code or signal when the process has ended and its output has arrived. */
function endOf(child: NodeChild, onError: (error: Error) => void): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', onError)
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`))
    child.once('exit', (code, signal) => {
      setTimeout(() => resolve(signal ?? `exit code ${code}`), LAST_WORDS_MS)
    })
  })
}
