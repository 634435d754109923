/** Asks pip which wheel it would fetch for a requirement, and reads the report of any pip since 22.2. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { z } from 'zod'
import { LoupeError } from '../../errors'
import { findPip, requirePipReport } from '../../tensors/pip'
import type { WheelSpec } from '../../tensors/wheel'

/** pip's report does not contain the size of a wheel. */
export const UNKNOWN_BYTES = Number.MAX_SAFE_INTEGER

const SHA256 = /^[0-9a-f]{64}$/

/** pip 23.1 and later write `hashes`; earlier versions write `hash` alone for a wheel whose index names no hash. */
const archiveInfo = z.union([
  z.object({ hashes: z.object({ sha256: z.string().regex(SHA256) }) }).transform(({ hashes }) => hashes.sha256),
  z
    .object({ hash: z.string().startsWith('sha256=') })
    .transform(({ hash }) => hash.slice('sha256='.length))
    .pipe(z.string().regex(SHA256)),
])

const reportSchema = z.object({
  install: z.tuple([
    z.object({
      download_info: z.object({ archive_info: archiveInfo }),
      metadata: z.object({ name: z.string(), version: z.string() }),
    }),
  ]),
})

/** One spelling of a package's name, as indexes use it (PEP 503). */
export function canonical(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-')
}

/**
 * @param report what `pip install --dry-run --report -` printed
 * @throws LoupeError when the report does not name exactly one wheel with its sha256
 */
export function readPipReport(report: string, pipVersion: string): WheelSpec {
  try {
    const [{ download_info, metadata }] = reportSchema.parse(JSON.parse(report)).install
    return {
      name: canonical(metadata.name),
      version: metadata.version,
      sha256: download_info.archive_info,
      bytes: UNKNOWN_BYTES,
    }
  } catch (cause) {
    throw new LoupeError('unavailable', `Loupe cannot read the report of ${pipVersion}`, {
      remedy: 'update pip (python3 -m pip install --upgrade pip), then run the command again',
      cause,
    })
  }
}

/** The wheel that pip would fetch for a requirement, with its version and hash. Downloads and installs nothing. */
export async function pinRequirement(requirement: string, signal: AbortSignal): Promise<WheelSpec> {
  const pip = await findPip()
  requirePipReport(pip)
  const flags = ['--dry-run', '--quiet', '--no-deps', '--ignore-installed', '--only-binary=:all:', '--report', '-']
  const args = ['-m', 'pip', '--disable-pip-version-check', 'install', ...flags, requirement]
  const run = promisify(execFile)(pip.python, args, { signal, maxBuffer: 1 << 26 })
  const { stdout } = await run.catch((cause: Error & { stderr?: string }) => {
    if (signal.aborted) throw new LoupeError('cancelled', `fetching ${requirement} was interrupted`)
    const reason = cause.stderr?.trim().split('\n').at(-1) ?? cause.message
    throw new LoupeError('not-found', `pip finds no wheel for "${requirement}": ${reason}`, {
      remedy: 'check the name and version, and that the package index is reachable (pip config list)',
      cause,
    })
  })
  return readPipReport(stdout, pip.version)
}
