import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database'
import { logJob, PartJournal, readJobLog } from './log'

const database = await testDatabase()
afterAll(() => database[Symbol.asyncDispose]())

async function insertJob(): Promise<string> {
  return (await database.prisma.job.create({ data: { kind: 'test', spec: {} } })).id
}

describe('the journal of parts', () => {
  it('writes a line every ten seconds, however many parts there are', async () => {
    const id = await insertJob()
    let now = 0
    const journal = new PartJournal(database, 'me', () => now)
    for (let idx = 0; idx < 1000; idx++) {
      const part = { id, unit: 'tokens', idx, parts: 1000, work: 50 }
      await journal.started(part)
      now += 25
      await journal.ended(part, 0.025)
    }
    const lines = (await readJobLog(database, id)).map(({ text }) => text)
    expect(lines).toHaveLength(3)
    expect(lines[0]).toBe('part 1 of 1000 started by me')
    expect(lines[1]).toMatch(
      /^part 400 of 1000 done by me: 50 tokens in 0.0 s \(2,000 per second\), and 399 more since/,
    )
  })

  it('writes each end of long parts', async () => {
    const id = await insertJob()
    let now = 0
    const journal = new PartJournal(database, 'me', () => now)
    for (let idx = 0; idx < 2; idx++) {
      const part = { id, unit: 'tokens', idx, parts: 2, work: 100 }
      await journal.started(part)
      now += 20_000
      await journal.ended(part, 20)
    }
    expect((await readJobLog(database, id)).map(({ text }) => text)).toEqual([
      'part 1 of 2 started by me',
      'part 1 of 2 done by me: 100 tokens in 20.0 s (5 per second)',
      'part 2 of 2 done by me: 100 tokens in 20.0 s (5 per second)',
    ])
  })
})

describe('a line of the log', () => {
  it('does not fail the work when it cannot be written', async () => {
    await expect(logJob(database, randomUUID(), 'info', 'of no job')).resolves.toBeUndefined()
  })
})
