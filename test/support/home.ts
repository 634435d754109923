/** Removes a LOUPE_HOME that a test made. */
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { databaseStatus, stopDatabase } from '../../lib/db/embedded'

/** Stops the database server of a LOUPE_HOME and removes its data, also if they are outside the folder. */
export async function removeHome(home: string): Promise<void> {
  const { directory } = await databaseStatus({ home })
  await stopDatabase({ home })
  const outside = directory && !directory.startsWith(home) ? dirname(directory) : undefined
  if (outside) await rm(outside, { recursive: true, force: true })
  await rm(home, { recursive: true, force: true })
}
