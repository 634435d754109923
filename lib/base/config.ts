/** Where Loupe keeps its files: two folders, each of which an environment variable can change. */
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { environmentVariable } from './environment'

// `turbopackIgnore`: else the build of the pages copies the whole project next to the web server.

/** The folder of `package.json`. */
export const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** State of this clone: database, keys, logs. `LOUPE_HOME`, default `.loupe` next to `package.json`. */
export function loupeHome(): string {
  return resolve(/* turbopackIgnore: true */ environmentVariable('LOUPE_HOME') ?? join(projectRoot, '.loupe'))
}

/** Downloads shared by all clones: TensorFlow, models. `LOUPE_CACHE`, default the user's cache folder. */
export function loupeCache(): string {
  const userCache = environmentVariable('XDG_CACHE_HOME') ?? join(homedir(), '.cache')
  return resolve(/* turbopackIgnore: true */ environmentVariable('LOUPE_CACHE') ?? join(userCache, 'loupe'))
}
