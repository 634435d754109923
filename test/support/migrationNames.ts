import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../lib/base/config'

/** The names of all migrations, in the order in which they are applied. */
export function migrationNames(): string[] {
  const entries = readdirSync(join(projectRoot, 'prisma', 'migrations'), { withFileTypes: true })
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort()
}
