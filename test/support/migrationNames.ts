import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../lib/base/config'

/** The migrations there are, in the order in which they are applied. */
export function migrationNames(): string[] {
  const found = readdirSync(join(projectRoot, 'prisma', 'migrations'), { withFileTypes: true })
  return found.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort()
}
