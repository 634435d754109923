/** What a machine needs, checked piece by piece; each missing piece is named with its remedy. */
import { execFile } from 'node:child_process'
import { mkdir, statfs } from 'node:fs/promises'
import { freemem, totalmem } from 'node:os'
import { promisify } from 'node:util'
import { toLoupeError } from '../trainer/errors'
import { probeTensorflow, tensorflowState } from '../trainer/tensors/install/tensorflow'
import { findPip } from '../trainer/tensors/wheel'
import { loupeCache, loupeHome } from './config'
import { databaseStatus } from './db/embedded'

export interface Check {
  name: string
  /** `fail` stops Loupe; `warn` makes it slower or needs a step that Loupe takes by itself. */
  status: 'ok' | 'warn' | 'fail'
  found: string
  remedy?: string
}

const GIB = 2 ** 30
/** TensorFlow unpacked takes 0.9 GB in the cache; a demo's database about 1.5 GB. */
const MIN_FREE_GIB = { cache: 2, home: 3 }
const MIN_MEMORY_GIB = 6

export async function runChecks(): Promise<Check[]> {
  const [pip, compiler, tensorflow, cache, home, database] = await Promise.all([
    checkPip(),
    checkCompiler(),
    checkTensorflow(),
    checkDisk('cache', loupeCache()),
    checkDisk('home', loupeHome()),
    checkDatabase(),
  ])
  return [checkNode(), pip, compiler, tensorflow, cache, home, checkMemory(), database]
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

async function checkPip(): Promise<Check> {
  try {
    return { name: 'pip', status: 'ok', found: (await findPip()).version }
  } catch (error) {
    return { name: 'pip', status: 'fail', ...explain(error) }
  }
}

async function checkCompiler(): Promise<Check> {
  const compiler = process.env['CXX'] ?? 'g++'
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
    return { name, status: 'warn', found: 'not fetched yet', remedy: 'done on first use, or now: loupe setup' }
  }
  if (!state.linked) {
    return {
      name,
      status: 'warn',
      found: `${state.build}, not linked`,
      remedy: 'done on first use, or now: loupe setup',
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
    const variable = which === 'cache' ? 'LOUPE_CACHE' : 'LOUPE_HOME'
    const remedy = `${MIN_FREE_GIB[which]} GiB are needed: free some, or set ${variable} to a folder on another disk`
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

export function withoutPassword(url: string): string {
  const parsed = new URL(url)
  parsed.password = ''
  return parsed.toString()
}

function explain(error: unknown): { found: string; remedy?: string } {
  const known = toLoupeError(error)
  if (!known) return { found: error instanceof Error ? error.message : String(error) }
  return { found: known.message, ...(known.remedy ? { remedy: known.remedy } : {}) }
}
