/** Every test run has one LOUPE_HOME with one database server and one workbench. The first test that needs one starts it. */
import { chmod, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeHome } from './home'
import { removeWorkbench } from './workbench'

export default async function setup(): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), 'loupe-test-'))
  // As root the server runs under another user, who must be able to enter the folder.
  await chmod(home, 0o755)
  process.env['LOUPE_HOME'] = home
  delete process.env['DATABASE_URL']
  return async () => {
    await removeWorkbench(home)
    await removeHome(home)
  }
}
