/** What a command may use while it runs; everything is opened on first use and closed at the end. */
import { loupeCache } from '../../lib/config'
import { openDatabase, type Database } from '../../lib/db/client'
import { ensureTensorflow } from '../../lib/tensorflow'
import { LoupeError } from '../../trainer/errors'
import { BACKEND_NAMES, loadBackend, type Backend, type BackendName } from '../../trainer/tensors/backend'
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
  /** Gives up what `database` opened, for a command that stays; the next call opens it again. */
  closeDatabase(): Promise<void>
  /** Sets TensorFlow up when it is not, then loads it. */
  backend(): Promise<Backend>
  /** Set by a command that stays after its result is printed: the process ends when this does. */
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
    database: () => (database ??= openDatabase()),
    closeDatabase,
    backend: () => (backend ??= openBackend(options.backend, terminal)),
    [Symbol.asyncDispose]: closeDatabase,
  }
}

/** Checks the choice and sets TensorFlow up where it is wanted, without loading it. */
export async function prepareBackend(name: string | undefined, terminal: Terminal): Promise<'auto' | BackendName> {
  const wanted = backendChoice(name)
  if (wanted === 'auto' || wanted === 'tensorflow') {
    await installOrExplain(wanted, terminal)
  }
  return wanted
}

async function openBackend(name: string | undefined, terminal: Terminal): Promise<Backend> {
  const backend = await loadBackend(await prepareBackend(name, terminal))
  if (backend.name === 'wasm')
    terminal.warn('computing on the wasm backend: ten to twenty times slower than TensorFlow')
  return backend
}

function backendChoice(name = process.env['LOUPE_BACKEND'] ?? 'auto'): 'auto' | BackendName {
  if (name === 'auto' || (BACKEND_NAMES as readonly string[]).includes(name)) return name as 'auto' | BackendName
  throw new LoupeError('bad-usage', `--backend: there is no backend "${name}"`, {
    remedy: `one of auto, ${BACKEND_NAMES.join(', ')}`,
  })
}

/** With `auto`, a machine that cannot have TensorFlow goes on without it, and is told why. */
async function installOrExplain(wanted: 'auto' | 'tensorflow', terminal: Terminal): Promise<void> {
  const bar = terminal.stage('tensorflow', 'B')
  try {
    await ensureTensorflow({ cacheDir: loupeCache(), stage: bar, onStep: (step) => terminal.note(step) })
  } catch (error) {
    const soft = error instanceof LoupeError && (error.code === 'unavailable' || error.code === 'unsupported')
    if (wanted === 'tensorflow' || !soft) throw error
    terminal.warn(`no TensorFlow: ${error.message}${error.remedy ? ` (${error.remedy})` : ''}`)
  } finally {
    bar.end()
  }
}
