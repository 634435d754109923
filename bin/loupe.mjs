#!/usr/bin/env node
// Starts the command line. Plain JavaScript, so that a missing `npm ci` or an old Node gives an error of one line.
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import module from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')

function fail(message) {
  console.error(`loupe: ${message}`)
  process.exit(1)
}

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node ${process.versions.node} is too old; Loupe needs 20.19 or later`)
}

// Node 22 and later can cache compiled code.
module.enableCompileCache?.()

try {
  // Every command needs zod. Its hundred files load four times as fast before tsx inspects every import.
  await import('zod')
  const { register } = await import('tsx/esm/api')
  register()
} catch {
  fail('the packages are not installed; run `npm ci` in the folder of package.json first')
}

// The database client is generated from the schema and not committed. Install scripts are off, so it is made here.
const modified = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
if (modified(join(root, 'lib/db/generated/client.ts')) < modified(join(root, 'prisma/schema.prisma'))) {
  const prisma = join(root, 'node_modules/prisma/build/index.js')
  const { status, stderr } = spawnSync(process.execPath, [prisma, 'generate'], { cwd: root, encoding: 'utf8' })
  if (status !== 0) fail(`\`prisma generate\` failed:\n${stderr}`)
}

const { main } = await import('../scripts/main.ts')
process.exitCode = await main(process.argv.slice(2))
