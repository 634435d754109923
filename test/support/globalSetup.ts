/** Every test run has a LOUPE_HOME of its own, with one database server in it that the first test to need it starts. */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { databaseStatus, stopDatabase } from '../../lib/db/embedded'

export default async function setup(): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), 'loupe-test-'))
  // As root the server runs under another user, who has to get in.
  await chmod(home, 0o755)
  process.env['LOUPE_HOME'] = home
  delete process.env['DATABASE_URL']
  return async () => {
    await removeHome(home)
  }
}

/** Stops the server of a LOUPE_HOME and removes all it has left, wherever that lies. */
export async function removeHome(home: string): Promise<void> {
  const { directory } = await databaseStatus({ home })
  await stopDatabase({ home })
  const outside = directory && !directory.startsWith(home) ? dirname(directory) : undefined
  if (outside) await rm(outside, { recursive: true, force: true })
  await rm(home, { recursive: true, force: true })
}
