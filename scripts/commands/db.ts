/** `loupe db start`, `stop`, `url` and `migrate`. */
import { z } from 'zod'
import { withoutPassword } from '../../lib/db/withoutPassword'
import { defineCommand } from '../cli/command'

const options = z.strictObject({})

/** Opening the database starts and migrates it. The commands differ in their output. */
export const dbStart = defineCommand({
  options,
  async run(_input, context) {
    const { url } = await context.database()
    return { url: withoutPassword(url) }
  },
  render: ({ url }) => `running at ${url}`,
})

export const dbStop = defineCommand({
  options,
  async run() {
    const { stopDatabase } = await import('../../lib/db/embedded')
    return { stopped: await stopDatabase() }
  },
  render: ({ stopped }) => (stopped ? 'stopped' : 'was not running'),
})

export const dbUrl = defineCommand({
  options,
  async run(_input, context) {
    return { url: (await context.database()).url }
  },
  render: ({ url }) => url,
})

export const dbMigrate = defineCommand({
  options,
  async run(_input, context) {
    await context.database()
    const { databaseStatus } = await import('../../lib/db/embedded')
    const status = await databaseStatus()
    return { migrated: true, running: status.running }
  },
  render: () => 'the schema is up to date',
})
