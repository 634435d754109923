/** Harvests from the command line: found again, and the same bytes after crashes. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../lib/base/config'
import { loupeJson, within } from '../support/loupe'
import { start } from '../support/program'
import { until } from '../support/until'
import { digestOf, harvestFlags, setUpDatabase } from './wholeWay'

const database = setUpDatabase()

describe('a harvest', () => {
  it('harvests once, and finds it again', async () => {
    const first = await loupeJson<{ tokens: number; shards: number }>(...harvestFlags('whole'))
    expect(first.tokens).toBeGreaterThanOrEqual(12_000)
    const again = await loupeJson<{ tokens: number }>(...harvestFlags('whole'))
    expect(again.tokens).toBe(first.tokens)
    const { id } = await database.current.prisma.harvest.findUniqueOrThrow({ where: { name: 'whole' } })
    expect(await database.current.prisma.job.count({ where: { spec: { equals: { harvest: id } } } })).toBe(1)
  })

  it('refuses the same name for a harvest of other things, naming both sides', async () => {
    const { code, stderr } = await within(...harvestFlags('whole', 4000))
    expect(code).toBe(1)
    expect(stderr).toMatch(/tokens is 12000 there and 4000 here/)
  })

  it('answers the queries of docs/store.md', async () => {
    const [, locate = ''] =
      /```sql\n([\s\S]*?)```/.exec(readFileSync(join(projectRoot, 'docs', 'store.md'), 'utf8')) ?? []
    const { rows } = await database.current.pool.query<{
      shard: number
      shard_row: number
      token: number
      activation: number[]
    }>(locate.replace("'sotu'", "'whole'"))
    const { contextsPerShard, contextSize } = await database.current.prisma.harvest.findUniqueOrThrow({
      where: { name: 'whole' },
    })
    const { shard, shard_row, token, activation } = rows[0]!
    expect([shard, shard_row]).toEqual([Math.floor(3 / contextsPerShard), (3 % contextsPerShard) * contextSize + 17])
    expect(token).toBeGreaterThanOrEqual(0)
    expect(activation).toHaveLength(576)
  })

  it('leaves the same bytes after SIGKILL in mid-harvest, by another process', async () => {
    const { child, done } = start(harvestFlags('killed'))
    await until(async () => {
      const { rows } = await database.current.pool.query<{ stored: number }>(
        `SELECT count(*)::int AS stored FROM activation_shard a JOIN harvest h ON h.id = a.harvest_id WHERE h.name = 'killed'`,
      )
      return rows[0]!.stored > 0
    })
    child.kill('SIGKILL')
    await done
    await loupeJson(...harvestFlags('killed'))
    expect(await digestOf(database.current, 'killed')).toBe(await digestOf(database.current, 'whole'))
  })

  it('leaves the same bytes when two workers share a harvest and one is killed', async () => {
    const workers = [start(['worker']), start(['worker'])]
    const { done } = start(harvestFlags('shared'))
    await until(async () => (await database.current.prisma.jobPart.count({ where: { status: 'running' } })) > 0)
    workers[0]!.child.kill('SIGKILL')
    expect((await done).code).toBe(0)
    workers[1]!.child.kill('SIGINT')
    expect((await workers[1]!.done).code).toBe(0)
    expect(await digestOf(database.current, 'shared')).toBe(await digestOf(database.current, 'whole'))
  })
})
