/** The processes that `loupe start` starts and keeps running. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { loupeCache, loupeHome, projectRoot } from '../../lib/base/config'
import { standaloneServer } from '../../lib/web/build'
import type { Program } from './child'

export interface Addresses {
  host: string
  port: number
  computePort: number
  databaseUrl: string
  token: string
  /** Value of `--backend`. */
  backend?: string
}

/** Pages that follow a run keep their connections open as long as they are visible. */
const WEB_GRACE_MS = 2_000

const loupe = join(projectRoot, 'bin', 'loupe.mjs')
const refuseBadAddresses = pathToFileURL(join(projectRoot, 'lib', 'web', 'refuseBadAddresses.mjs')).href

/** The web process comes first because it stops first. */
export function loupePrograms({ host, port, computePort, databaseUrl, token, backend }: Addresses): Program[] {
  const env = {
    DATABASE_URL: databaseUrl,
    LOUPE_HOME: loupeHome(),
    LOUPE_CACHE: loupeCache(),
    LOUPE_COMPUTE_TOKEN: token,
    LOUPE_COMPUTE_URL: `http://127.0.0.1:${computePort}`,
    ...(backend ? { LOUPE_BACKEND: backend } : {}),
  }
  const web = {
    HOSTNAME: host,
    PORT: String(port),
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    // The built server runs from a folder without sources; a job that it queues carries a hash of them.
    LOUPE_ROOT: projectRoot,
  }
  const cwd = projectRoot
  return [
    {
      name: 'web',
      args: ['--import', refuseBadAddresses, standaloneServer()],
      cwd,
      env: { ...env, ...web },
      serves: 'page',
      graceMs: WEB_GRACE_MS,
    },
    { name: 'compute', args: [loupe, 'compute', '--port', `${computePort}`], cwd, env, serves: 'steering' },
    { name: 'worker', args: [loupe, 'worker'], cwd, env, serves: 'progress of jobs' },
  ]
}
