/** The tensor backend of a command: `--backend` chooses it; TensorFlow is installed if it is missing. */
import { loupeCache } from '../../lib/base/config'
import { ensureTensorflow } from './tensorflow'
import { LoupeError } from '../../trainer/errors'
import { BACKEND_NAMES, loadBackend, type Backend, type BackendName } from '../../trainer/tensors/backend'
import { environmentVariable } from '../../lib/base/environment'
import type { Terminal } from './terminal'

/** Checks the choice and installs TensorFlow if the choice needs it. Does not load it. */
export async function prepareBackend(name: string | undefined, terminal: Terminal): Promise<'auto' | BackendName> {
  const wanted = backendChoice(name)
  if (wanted === 'auto' || wanted === 'tensorflow') {
    await installOrExplain(wanted, terminal)
  }
  return wanted
}

export async function openBackend(name: string | undefined, terminal: Terminal): Promise<Backend> {
  const backend = await loadBackend(await prepareBackend(name, terminal))
  if (backend.name === 'wasm')
    terminal.warn('computing on the wasm backend: ten to twenty times slower than TensorFlow')
  return backend
}

function backendChoice(name = environmentVariable('LOUPE_BACKEND') ?? 'auto'): 'auto' | BackendName {
  if (name === 'auto' || (BACKEND_NAMES as readonly string[]).includes(name)) return name as 'auto' | BackendName
  throw new LoupeError('bad-usage', `--backend: there is no backend "${name}"`, {
    remedy: `one of auto, ${BACKEND_NAMES.join(', ')}`,
  })
}

/** With `auto`, a machine without TensorFlow continues on another backend, with a warning that says why. */
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
