import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database'
import { getGeneration, keepGeneration, listGenerations } from './generations'
import { deletePreset, getPreset, listPresets, savePreset, updatePreset } from './presets'

const database = await testDatabase()
afterAll(() => database[Symbol.asyncDispose]())
const intervention = { model: 'm', prompt: 'Once', sampling: { seed: 3 } }

describe('presets', () => {
  it('are kept with every default filled in, found by name and id, changed and deleted', async () => {
    const saved = await savePreset(database, { name: '  first ', intervention })
    expect(saved).toMatchObject({
      name: 'first',
      intervention: { prompt: 'Once', edits: [], sampling: { seed: 3, topP: 1 } },
    })
    expect(await getPreset(database, 'first')).toEqual(saved)
    expect(await getPreset(database, saved.id)).toEqual(saved)
    const renamed = await updatePreset(database, 'first', { name: 'a name' })
    expect(renamed).toMatchObject({ id: saved.id, name: 'a name', intervention: saved.intervention })
    await updatePreset(database, saved.id, { intervention: { ...intervention, prompt: 'Twice' } })
    await savePreset(database, { name: 'b', intervention })
    expect((await listPresets(database)).map(({ name, intervention: { prompt } }) => [name, prompt])).toEqual([
      ['a name', 'Twice'],
      ['b', 'Once'],
    ])
    await deletePreset(database, 'a name')
    expect(await listPresets(database)).toHaveLength(1)
  })

  it('are refused with what is wrong', async () => {
    await savePreset(database, { name: 'taken', intervention })
    const refused = (name: string, given: unknown = intervention) => savePreset(database, { name, intervention: given })
    await expect(refused('taken')).rejects.toMatchObject({ code: 'conflict' })
    await expect(updatePreset(database, 'b', { name: 'taken' })).rejects.toMatchObject({ code: 'conflict' })
    await expect(refused(' ')).rejects.toThrow(/takes 1 to 120 characters, it is empty/)
    await expect(refused('x'.repeat(121))).rejects.toThrow(/it has 121/)
    await expect(refused(randomUUID())).rejects.toThrow(/like an id/)
    await expect(refused('odd', { ...intervention, promt: 1 })).rejects.toThrow(/did you mean "prompt"/)
    for (const act of [getPreset, deletePreset]) {
      await expect(act(database, 'takn')).rejects.toMatchObject({
        code: 'not-found',
        remedy: /did you mean "taken"/ as never,
      })
    }
  })
})

describe('kept answers', () => {
  it('come back as they were, and in pages newest first', async () => {
    const ids: string[] = []
    for (let at = 0; at < 5; at++) {
      const answer = { texts: [`answer ${at}`] }
      ids.push(await keepGeneration(database, { intervention, answer, engine: 'e', device: 'cpu' }))
    }
    // Two at the same moment.
    await database.pool.query(`UPDATE generation SET created_at = '2026-01-01' WHERE id = ANY($1::uuid[])`, [
      ids.slice(0, 2),
    ])
    expect(await getGeneration(database, ids[2]!)).toMatchObject({
      engine: 'e',
      device: 'cpu',
      answer: { texts: ['answer 2'] },
      intervention: { prompt: 'Once', sampling: { maxTokens: 64 } },
    })
    const found: string[] = []
    let after: string | undefined
    do {
      const page = await listGenerations(database, { limit: 1, after })
      found.push(...page.generations.map(({ id }) => id))
      after = page.next ?? undefined
    } while (after)
    expect(found).toHaveLength(5)
    expect([...found].sort()).toEqual([...ids].sort())
    expect(found.slice(3).sort()).toEqual(ids.slice(0, 2).sort())
    for (const id of ['x', randomUUID()])
      await expect(getGeneration(database, id)).rejects.toMatchObject({ code: 'not-found' })
  })
})
