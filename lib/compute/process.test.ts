/** `loupe compute` as a separate process. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../../test/support/database'
import { start, type Started } from '../../test/support/program'
import { computeClient, computeFromEnvironment } from './client'
import { addTiny } from './tiny.testing'

const TOKEN = 'secret'
let database: TestDatabase
let tiny: Awaited<ReturnType<typeof addTiny>>
const running: Started[] = []

beforeAll(async () => {
  database = await testDatabase()
  tiny = await addTiny(database)
})

afterAll(async () => {
  for (const { child, done } of running) {
    child.kill('SIGKILL')
    await done
  }
  await tiny[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

/** Starts it and waits for the line that says where. */
async function startProcess(port = '0'): Promise<Started & { url: string }> {
  const started = start(['compute', '--port', port], { DATABASE_URL: database.url, LOUPE_COMPUTE_TOKEN: TOKEN })
  running.push(started)
  const url = new Promise<string>((resolve) => {
    let said = ''
    started.child.stderr!.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const [, found] = /^compute ready on (http:\/\/127\.0\.0\.1:\d+) \(tensorflow .*\)$/m.exec(said) ?? []
      if (found) resolve(found)
    })
  })
  const ended = started.done.then(({ stderr }) => Promise.reject(new Error(stderr)))
  ended.catch(() => undefined)
  return { ...started, url: await Promise.race([url, ended]) }
}

const steering = (maxTokens: number) => ({ model: 'tiny', prompt: 'abc', sampling: { maxTokens } })

describe('the compute process', () => {
  it('gives a clear error when it is killed during a stream, and a new process answers the next request', async () => {
    const first = await startProcess()
    // Two minutes: while other tests run, a start takes longer than the patience of the pages.
    const client = computeClient({ url: first.url, token: TOKEN, patienceMs: 120_000 })
    const stream = client.steer(steering(4000))
    const read = async () => {
      for await (const { type } of stream) if (type === 'token') first.child.kill('SIGKILL')
    }
    await expect(read()).rejects.toMatchObject({
      code: 'unavailable',
      message: 'the compute process ended in the middle of the answer',
      remedy: /try again/,
    })
    const types: string[] = []
    const next = (async () => {
      for await (const { type } of client.steer(steering(3))) types.push(type)
    })()
    await startProcess(new URL(first.url).port)
    await next
    expect(types).toEqual(['start', ...Array<string>(6).fill('token'), 'end'])
  })

  it('loads the newest dictionary in advance, and on SIGTERM ends cleanly with an error to its clients', async () => {
    const { child, done, url } = await startProcess()
    process.env['LOUPE_COMPUTE_URL'] = url
    process.env['LOUPE_COMPUTE_TOKEN'] = TOKEN
    const client = computeFromEnvironment()
    await expect.poll(async () => (await client.health()).models, { timeout: 60_000 }).toEqual(['tiny'])
    const stream = client.steer(steering(4000))
    await stream.next()
    child.kill('SIGTERM')
    const read = async () => {
      for (;;) if ((await stream.next()).done) return
    }
    await expect(read()).rejects.toMatchObject({ code: 'unavailable', message: 'the compute process is ending' })
    expect((await done).code).toBe(0)
  })
})
