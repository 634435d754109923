import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { removeHome } from '../../test/support/home'
import { databaseStatus, startDatabase, stopDatabase } from './embedded'

const homes: string[] = []
afterAll(() => Promise.all(homes.map(removeHome)))

async function newHome(mode = 0o755): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'loupe-home-'))
  await chmod(home, mode)
  homes.push(home)
  return home
}

const start = (home: string) => startDatabase({ home, durable: false })

interface OtherProcess {
  child: ChildProcess
  output: Promise<string>
  exit: Promise<unknown[]>
}

/** Starts the database in another process, which prints the result and then follows its orders. */
function startElsewhere(home: string, then: string): OtherProcess {
  const program = `
    import { startDatabase } from ${JSON.stringify(new URL('./embedded.ts', import.meta.url).href)}
    const { url, started } = await startDatabase({ home: ${JSON.stringify(home)}, durable: false })
    process.stdout.write(JSON.stringify({ url, started }), () => { ${then} })`
  const args = ['--import', 'tsx', '--input-type=module', '--eval', program]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const output = new Promise<string>((resolve) => {
    let text = ''
    child.stdout.on('data', (data: Buffer) => (text += data.toString()))
    child.stdout.once('end', () => resolve(text))
  })
  return { child, output, exit: once(child, 'exit') }
}

async function ask(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows
  } finally {
    await client.end()
  }
}

describe('the embedded database', () => {
  it('is made once by processes that start at the same time, outlives a killed one, and is reused', async () => {
    const home = await newHome()
    const others = [startElsewhere(home, 'process.kill(process.pid, "SIGKILL")'), startElsewhere(home, '')]
    const outputs = await Promise.all(others.map(({ output }) => output))
    const results = outputs.map((text) => JSON.parse(text) as { url: string; started: boolean })
    expect(await others[0]!.exit).toEqual([null, 'SIGKILL'])
    expect(results.map(({ started }) => started).sort()).toEqual([false, true])
    expect(results[0]!.url).toBe(results[1]!.url)

    const began = performance.now()
    const reused = await start(home)
    expect(performance.now() - began).toBeLessThan(1_000)
    expect(reused).toMatchObject({ url: results[0]!.url, kind: 'embedded', started: false })
    const [row] = await ask(reused.url, 'SELECT inet_server_addr() AS address, current_user AS name')
    expect(row).toMatchObject({ address: '127.0.0.1', name: 'loupe' })
    expect((await stat(join(home, 'database.json'))).mode & 0o777).toBe(0o600)
    await expect(stat(join(home, 'database.lock'))).rejects.toThrow('ENOENT')
    await expect(ask(reused.url.replace(/:[^:@]+@/, ':guessed@'), 'SELECT 1')).rejects.toThrow('password')
  })

  it('recovers from a kill -9 of the server with what was committed', async () => {
    const home = await newHome()
    const { url } = await start(home)
    await ask(url, 'CREATE TABLE kept (n int)')
    await ask(url, 'INSERT INTO kept VALUES (42)')
    const { pid } = await databaseStatus({ home })
    process.kill(pid!, 'SIGKILL')
    expect(await databaseStatus({ home })).toMatchObject({ running: false })
    const again = await start(home)
    expect(again.started).toBe(true)
    expect(await ask(again.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }])
  })

  it('continues after its folder was moved, with a stale lock and a pid file of another program', async () => {
    const home = await newHome()
    const { url } = await start(home)
    await ask(url, 'CREATE TABLE kept (n int)')
    expect(await stopDatabase({ home })).toBe(true)
    expect(await stopDatabase({ home })).toBe(false)
    const moved = `${home}-moved`
    await rename(home, moved)
    homes.push(moved)
    await writeFile(join(moved, 'database.lock'), '999999999')
    const stranger = `${process.pid}\n/elsewhere\n0\n5432\n\n127.0.0.1\n\nready\n`
    await writeFile(join(moved, 'database', 'data', 'postmaster.pid'), stranger)
    const again = await start(moved)
    expect(await ask(again.url, 'SELECT * FROM kept')).toEqual([])
    expect(await databaseStatus({ home: moved })).toMatchObject({ running: true, version: '18.4', kind: 'embedded' })
  })

  it('starts over after the process that made it was killed halfway', async () => {
    const home = await newHome()
    const { child, exit } = startElsewhere(home, '')
    const made = () => readdir(join(home, 'database')).catch((): string[] => [])
    while (!(await made()).some((name) => name.startsWith('data.new-'))) await sleep(5)
    child.kill('SIGKILL')
    await exit
    expect(await made()).not.toContain('data')
    expect(await start(home)).toMatchObject({ started: true })
    expect((await made()).filter((name) => name.startsWith('data'))).toEqual(['data'])
  })

  it('is in another folder, and says so, if its user cannot enter a closed home', async () => {
    const home = await newHome(0o700)
    const { url, notes } = await start(home)
    const { directory } = await databaseStatus({ home })
    const isRoot = process.getuid?.() === 0
    expect(directory!.startsWith(isRoot ? '/var/tmp/loupe-' : home)).toBe(true)
    expect(notes).toHaveLength(isRoot ? 1 : 0)
    expect(notes.join()).toContain(isRoot ? directory! : '')
    expect(await ask(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  it('refuses data of another Postgres version, a damaged state file, and data without a password', async () => {
    const home = await newHome()
    await start(home)
    await stopDatabase({ home })
    const version = join(home, 'database', 'data', 'PG_VERSION')
    const text = await readFile(version, 'utf8')
    await writeFile(version, '17\n')
    await expect(start(home)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('17') as string,
    })
    await writeFile(version, text)
    const stateFile = join(home, 'database.json')
    const state = await readFile(stateFile, 'utf8')
    await writeFile(stateFile, state.slice(0, 20))
    await expect(start(home)).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining(stateFile) as string,
    })
    await rm(stateFile)
    await expect(start(home)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('is not used if DATABASE_URL is set', async () => {
    const home = await newHome()
    try {
      process.env['DATABASE_URL'] = 'mysql://somewhere'
      await expect(start(home)).rejects.toMatchObject({ code: 'bad-usage' })
      process.env['DATABASE_URL'] = 'postgresql://nobody@127.0.0.1:1/none'
      expect(await start(home)).toMatchObject({ kind: 'external', url: process.env['DATABASE_URL'], started: false })
      expect(await databaseStatus({ home })).toMatchObject({ kind: 'external', running: false })
      await expect(stopDatabase({ home })).rejects.toMatchObject({ code: 'bad-usage' })
    } finally {
      delete process.env['DATABASE_URL']
    }
  })
})
