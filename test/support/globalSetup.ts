/** Every test run has a LOUPE_HOME, whose database server the first test that needs it starts, and one workbench. */
import { chmod, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeHome } from './home'
import { removeWorkbench } from './workbench'

export default async function setup(): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), 'loupe-test-'))
  // As root the server runs under another user, who must be able to enter.
  await chmod(home, 0o755)
  process.env['LOUPE_HOME'] = home
  delete process.env['DATABASE_URL']
  return async () => {
    await removeWorkbench(home)
    await removeHome(home)
  }
}
