/** Where Loupe keeps things: two folders, each overridable by one environment variable. */
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of `package.json`. */
export const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** State of this clone: database, keys, logs. `LOUPE_HOME`, default `.loupe` beside `package.json`. */
export function loupeHome(): string {
  return resolve(process.env['LOUPE_HOME'] ?? join(projectRoot, '.loupe'))
}

/** Downloads shared by all clones: TensorFlow, models. `LOUPE_CACHE`, default the user's cache folder. */
export function loupeCache(): string {
  const userCache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
  return resolve(process.env['LOUPE_CACHE'] ?? join(userCache, 'loupe'))
}
