import { z } from 'zod'
import { withoutPassword } from '../../lib/doctor'
import { databaseStatus, stopDatabase } from '../../lib/db/embedded'
import { defineCommand } from '../cli/command'

const options = z.strictObject({})

/** Opening the database starts and migrates it; the commands differ in what they say of it. */
export const dbStart = defineCommand({
  name: 'db start',
  summary: 'start the embedded Postgres (commands do this by themselves) and bring its schema up to date',
  options,
  async run(_input, context) {
    const { url } = await context.database()
    return { url: withoutPassword(url) }
  },
  render: ({ url }) => `running at ${url}`,
})

export const dbStop = defineCommand({
  name: 'db stop',
  summary: 'stop the embedded Postgres',
  options,
  run: async () => ({ stopped: await stopDatabase() }),
  render: ({ stopped }) => (stopped ? 'stopped' : 'was not running'),
})

export const dbUrl = defineCommand({
  name: 'db url',
  summary: 'the connection string, password included, e.g. for psql or DATABASE_URL on another machine',
  options,
  async run(_input, context) {
    return { url: (await context.database()).url }
  },
  render: ({ url }) => url,
})

export const dbMigrate = defineCommand({
  name: 'db migrate',
  summary: 'apply the migrations that are not applied yet (done at every start)',
  options,
  async run(_input, context) {
    await context.database()
    const status = await databaseStatus()
    return { migrated: true, running: status.running }
  },
  render: () => 'the schema is up to date',
})
