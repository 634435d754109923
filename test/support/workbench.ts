/** The whole workbench as a user has it: a small demo of SmolLM2, then `loupe start`, in a LOUPE_HOME of its own. */
import { chmod, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApi, type Api } from '../../lib/api/client/client'
import { removeHome } from './globalSetup'
import { start, type Started } from './loupe'

export interface Workbench extends AsyncDisposable {
  home: string
  url: string
  api: Api
  /** The dictionary that the demo made. */
  dictionary: string
  /** Another command in the same LOUPE_HOME. */
  loupe(...args: string[]): Started
}

/** A few minutes' demo in a few seconds: the second layer, a small dictionary, one percent of the tokens. */
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

export async function startWorkbench(): Promise<Workbench> {
  const home = await mkdtemp(join(tmpdir(), 'loupe-workbench-'))
  // As root the server runs under another user, who has to get in.
  await chmod(home, 0o755)
  const loupe = (...args: string[]) => start(args, { LOUPE_HOME: home })
  const { dictionary } = await finished<{ dictionary: string }>(loupe(...SMALL_DEMO))
  const { url } = await finished<{ url: string }>(loupe('start', '--detach', '--no-open', '--json'))
  return {
    home,
    url,
    dictionary,
    loupe,
    api: createApi(url, 'tests'),
    async [Symbol.asyncDispose]() {
      await loupe('stop', '--json').done
      await removeHome(home)
    },
  }
}

async function finished<T>({ done }: Started): Promise<T> {
  const ended = await done
  if (ended.code !== 0) throw new Error(`a command of the workbench ended with ${ended.code}:\n${ended.stderr}`)
  return ended.json<T>()
}
