/** `loupe doctor`: checks each thing that Loupe needs of a machine, and names a remedy for what is missing. */
import { execFile } from 'node:child_process'
import { mkdir, statfs } from 'node:fs/promises'
import { freemem, totalmem } from 'node:os'
import { promisify } from 'node:util'
import { toLoupeError } from '../../trainer/errors'
import { probeTensorflow, tensorflowState } from '../../trainer/tensors/install/tensorflow'
import { findPip, isSupportedPip, OLD_PIP_REMEDY, OLDEST_PIP } from '../../trainer/tensors/pip'
import { environmentVariable } from '../../lib/base/environment'
import { loupeCache, loupeHome, projectRoot } from '../../lib/base/config'
import { databaseStatus } from '../../lib/db/embedded'
import { withoutPassword } from '../../lib/db/withoutPassword'
import { defaultPort, portHolder, tryPort } from '../../lib/processes/ports'
import { runningSupervisor } from '../../lib/processes/supervisorState'
import { isBuilt } from '../../lib/web/build'

export interface Check {
  name: string
  /** `fail`: Loupe does not work. `warn`: Loupe is slower, lacks one feature, or takes one more step by itself. */
  status: 'ok' | 'warn' | 'fail'
  found: string
  remedy?: string
}

const GIB = 2 ** 30
/** TensorFlow unpacked takes 0.9 GB in the cache; a demo's database about 1.5 GB; the built pages 0.5 GB. */
const MIN_FREE_GIB = { cache: 2, home: 3, pages: 1 }
const DISK_REMEDY = {
  cache: 'set LOUPE_CACHE to a folder on another disk',
  home: 'set LOUPE_HOME to a folder on another disk',
  pages: 'move this clone to another disk',
}
const MIN_MEMORY_GIB = 6

export async function runChecks(): Promise<Check[]> {
  const checked = await Promise.all([
    checkPip(),
    checkCompiler(),
    checkTensorflow(),
    checkDisk('cache', loupeCache()),
    checkDisk('home', loupeHome()),
    checkDisk('pages', projectRoot),
    checkDatabase(),
    checkPages(),
    checkPort(),
  ])
  return [checkNode(), checkMemory(), ...checked]
}

function checkNode(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const ok = major > 20 || (major === 20 && minor >= 19)
  return {
    name: 'Node',
    status: ok ? 'ok' : 'fail',
    found: process.versions.node,
    ...(ok ? {} : { remedy: 'install Node 20.19 or later' }),
  }
}

export async function checkPip(): Promise<Check> {
  try {
    const { version } = await findPip()
    const found = `${version} (the oldest supported is ${OLDEST_PIP})`
    if (isSupportedPip(version)) return { name: 'pip', status: 'ok', found }
    return { name: 'pip', status: 'warn', found, remedy: OLD_PIP_REMEDY }
  } catch (error) {
    return { name: 'pip', status: 'fail', ...explain(error) }
  }
}

async function checkCompiler(): Promise<Check> {
  const compiler = environmentVariable('CXX') ?? 'g++'
  try {
    const { stdout } = await promisify(execFile)(compiler, ['--version'])
    return { name: 'compiler', status: 'ok', found: stdout.split('\n')[0] ?? compiler }
  } catch {
    return {
      name: 'compiler',
      status: 'fail',
      found: `\`${compiler}\` does not run`,
      remedy: 'install g++ (Debian: apt-get install g++) or name a C++17 compiler in CXX',
    }
  }
}

async function checkTensorflow(): Promise<Check> {
  const name = 'TensorFlow'
  const state = tensorflowState(loupeCache())
  if (!state.build) {
    return {
      name,
      status: 'warn',
      found: 'not fetched yet',
      remedy: 'Loupe does this on first use; do it now with: loupe setup',
    }
  }
  if (!state.linked) {
    return {
      name,
      status: 'warn',
      found: `${state.build}, not linked`,
      remedy: 'Loupe does this on first use; do it now with: loupe setup',
    }
  }
  try {
    const { gpu } = await probeTensorflow()
    return { name, status: 'ok', found: `${state.build}, device ${gpu ? 'GPU (CUDA)' : 'CPU'}` }
  } catch (error) {
    return { name, status: 'fail', ...explain(error) }
  }
}

async function checkDisk(which: keyof typeof MIN_FREE_GIB, folder: string): Promise<Check> {
  const name = `disk (${which})`
  try {
    await mkdir(folder, { recursive: true })
    const { bavail, bsize } = await statfs(folder)
    const free = (bavail * bsize) / GIB
    const found = `${free.toFixed(1)} GiB free at ${folder}`
    if (free >= MIN_FREE_GIB[which]) return { name, status: 'ok', found }
    const remedy = `Loupe needs ${MIN_FREE_GIB[which]} GiB: free some space, or ${DISK_REMEDY[which]}`
    return { name, status: 'fail', found, remedy }
  } catch (error) {
    return { name, status: 'fail', found: `${folder}: ${(error as Error).message}`, remedy: 'make it writable' }
  }
}

function checkMemory(): Check {
  const found = `${(freemem() / GIB).toFixed(1)} GiB free of ${(totalmem() / GIB).toFixed(1)}`
  if (totalmem() / GIB >= MIN_MEMORY_GIB) return { name: 'memory', status: 'ok', found }
  return {
    name: 'memory',
    status: 'warn',
    found,
    remedy: `the demo needs about ${MIN_MEMORY_GIB} GiB; use a smaller --d-sae`,
  }
}

async function checkDatabase(): Promise<Check> {
  const name = 'database'
  try {
    const status = await databaseStatus()
    if (status.running) return { name, status: 'ok', found: `running at ${withoutPassword(status.url ?? '')}` }
    return { name, status: 'ok', found: 'not running; commands start it (loupe db start)' }
  } catch (error) {
    return { name, status: 'fail', ...explain(error) }
  }
}

async function checkPages(): Promise<Check> {
  const built = await isBuilt()
  if (built) return { name: 'pages', status: 'ok', found: 'built' }
  return { name: 'pages', status: 'ok', found: 'not built yet; loupe start builds them (half a minute to two minutes)' }
}

async function checkPort(): Promise<Check> {
  const name = 'port'
  const url = runningSupervisor(loupeHome())?.url
  if (url) return { name, status: 'ok', found: `Loupe is at ${url}` }
  try {
    const port = defaultPort()
    if ((await tryPort(port)) !== undefined) return { name, status: 'ok', found: `${port} is free` }
    const found = `${port} is taken by ${await portHolder(port)}`
    return { name, status: 'warn', found, remedy: 'loupe start uses the next free port, or the port of --port' }
  } catch (error) {
    return { name, status: 'fail', ...explain(error) }
  }
}

function explain(error: unknown): { found: string; remedy?: string } {
  const known = toLoupeError(error)
  if (!known) return { found: error instanceof Error ? error.message : String(error) }
  return { found: known.message, ...(known.remedy ? { remedy: known.remedy } : {}) }
}
