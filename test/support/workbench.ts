/** The whole workbench of a user: a small demo of SmolLM2, then `loupe start`. All files of a test run share one. */
import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createApi, type Api } from '../../lib/api/client/client'
import { databaseStatus } from '../../lib/db/embedded'
import { withFileLock } from '../../lib/db/fileLock'
import { removeHome } from './home'
import { start, type Started } from './program'

export interface Workbench {
  home: string
  url: string
  api: Api
  /** Name of the dictionary that the demo made. */
  dictionary: string
  /** Another command in the same LOUPE_HOME. */
  loupe(...args: string[]): Started
  databaseUrl(): Promise<string>
  /** Runs `body` while no other test kills or restarts the compute process. */
  withCompute<T>(body: () => Promise<T>): Promise<T>
}

/** The first test file that needs the workbench starts it; the others wait for it. */
interface State {
  url: string
  dictionary: string
  /** Why it did not start. */
  failure?: string
}

/** The demo in a few seconds: the second layer, a small dictionary, one percent of the tokens. */
const SMALL_DEMO = [
  'demo',
  '--exit',
  '--json',
  '--hook',
  'blocks.1.hook_resid_post',
  '--tokens',
  '12000',
  '--train-tokens',
  '120000',
  '--d-sae',
  '512',
  '--k',
  '16',
  '--evaluate-tokens',
  '512',
]

/** Enough for a build, a demo and the start of all processes, on a machine that is busy with other tests. */
export const START_MS = 15 * 60_000

/** @param runHome the LOUPE_HOME of the test run */
const folderOf = (runHome: string) => join(runHome, 'workbench')
const stateFile = (runHome: string) => join(runHome, 'workbench.json')

export async function sharedWorkbench(): Promise<Workbench> {
  const runHome = process.env['LOUPE_HOME']!
  const home = folderOf(runHome)
  const loupe = (...args: string[]) => start(args, { LOUPE_HOME: home })
  const state = await withFileLock(
    join(runHome, 'workbench.lock'),
    { purpose: 'starting the workbench', patienceMs: START_MS },
    async () => {
      const file = stateFile(runHome)
      if (!existsSync(file)) await writeFile(file, JSON.stringify(await launch(home, loupe)))
      return JSON.parse(await readFile(file, 'utf8')) as State
    },
  )
  if (state.failure !== undefined) throw new Error(state.failure)
  return {
    home,
    url: state.url,
    dictionary: state.dictionary,
    loupe,
    api: createApi(state.url, 'tests'),
    databaseUrl: async () => (await databaseStatus({ home })).url!,
    withCompute: (body) =>
      withFileLock(join(runHome, 'compute.lock'), { purpose: 'using compute', patienceMs: 240_000 }, body),
  }
}

async function launch(home: string, loupe: Workbench['loupe']): Promise<State> {
  await mkdir(home)
  // As root the database server runs under another user, who must be able to enter.
  await chmod(home, 0o755)
  try {
    const { dictionary } = await resultOf<{ dictionary: string }>(loupe(...SMALL_DEMO))
    const { url } = await resultOf<{ url: string }>(loupe('start', '--detach', '--no-open', '--json'))
    return { url, dictionary }
  } catch (error) {
    return { url: '', dictionary: '', failure: (error as Error).message }
  }
}

async function resultOf<T>({ done }: Started): Promise<T> {
  const { code, stderr, json } = await done
  if (code !== 0) throw new Error(`a command of the workbench ended with ${code}:\n${stderr}`)
  return json<T>()
}

/** Stops and removes the workbench of a test run, if a test has started one. */
export async function removeWorkbench(runHome: string): Promise<void> {
  const home = folderOf(runHome)
  if (!existsSync(home)) return
  await start(['stop', '--json'], { LOUPE_HOME: home }).done
  await removeHome(home)
}
