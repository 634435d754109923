/** Logs of the processes, `LOUPE_HOME/logs/NAME.log`: each line starts with its time. */
import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'

const HAS_TIME = /^\d{4}-\d\d-\d\dT/
const ROTATE_BYTES = 8 * 1024 * 1024

export const logPath = (home: string, name: string): string => join(home, 'logs', `${name}.log`)

export class LogFile {
  private file: number | undefined

  /** A log that has grown large becomes `….log.1`, which replaces the previous one. */
  constructor(readonly path: string) {
    mkdirSync(dirname(path), { recursive: true })
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    if (size > ROTATE_BYTES) renameSync(path, `${path}.1`)
    this.file = openSync(path, 'a', 0o600)
  }

  write(line: string): void {
    if (this.file === undefined) return
    try {
      writeSync(this.file, HAS_TIME.test(line) ? `${line}\n` : `${new Date().toISOString()} ${line}\n`)
    } catch {
      // A full disk must not end the processes.
    }
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file)
    this.file = undefined
  }
}
