import { defineConfig } from 'prisma/config'

// Prisma's commands insist on a downloaded engine that `generate`, `validate` and `format` never start. Naming any
// existing program instead keeps them off the network. Migrations are applied by lib/db/migrate.ts.
process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= process.execPath

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
})
