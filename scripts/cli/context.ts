/** What a command can use while it runs. Everything is loaded and opened on first use, and closed at the end. */
import type { Database } from '../../lib/db/connect'
import type { Backend } from '../../trainer/tensors/backend'
import type { Terminal } from './terminal'

export interface GlobalOptions {
  json: boolean
  quiet: boolean
  backend?: string
}

export interface Context extends AsyncDisposable {
  readonly signal: AbortSignal
  readonly terminal: Terminal
  readonly options: GlobalOptions
  /** Starts the embedded database when it is not running. */
  database(): Promise<Database>
  /** Closes what `database` opened, for a command that keeps running. The next call opens it again. */
  closeDatabase(): Promise<void>
  /** Installs TensorFlow if it is missing, then loads it. */
  backend(): Promise<Backend>
  /** Set by a command that keeps running after its result is printed. The process ends when this function ends. */
  afterResult?: () => Promise<void>
}

export function createContext(options: GlobalOptions, signal: AbortSignal, terminal: Terminal): Context {
  let database: Promise<Database> | undefined
  let backend: Promise<Backend> | undefined
  const closeDatabase = async () => {
    const opened = await database?.catch(() => undefined)
    database = undefined
    await opened?.[Symbol.asyncDispose]()
  }
  return {
    signal,
    terminal,
    options,
    database: () => (database ??= import('../../lib/db/client').then(({ openDatabase }) => openDatabase())),
    closeDatabase,
    backend: () => (backend ??= import('./backend').then(({ openBackend }) => openBackend(options.backend, terminal))),
    [Symbol.asyncDispose]: closeDatabase,
  }
}
