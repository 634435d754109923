import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database'
import { parseIntervention } from '../../trainer/steering/intervention'
import { getGeneration, keepGeneration, listGenerations } from './generations'
import type { SteeringAnswer } from './schema'
import { deletePreset, getPreset, listPresets, savePreset, updatePreset } from './presets'

const database = await testDatabase()
afterAll(() => database[Symbol.asyncDispose]())
const input = { model: 'm', prompt: 'Once', sampling: { seed: 3 } }
const intervention = parseIntervention(input, 'the test')

describe('presets', () => {
  it('are saved with every default filled in, read by name and id, changed and deleted', async () => {
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
    const listed = await listPresets(database)
    const presets = await Promise.all(listed.map(({ id }) => getPreset(database, id)))
    expect(presets.map(({ name, intervention: { prompt } }) => [name, prompt])).toEqual([
      ['a name', 'Twice'],
      ['b', 'Once'],
    ])
    await deletePreset(database, 'a name')
    expect(await listPresets(database)).toHaveLength(1)
  })

  it('are refused, and the error says why', async () => {
    await savePreset(database, { name: 'taken', intervention })
    const refused = async (name: string, data: unknown = input) =>
      savePreset(database, { name, intervention: parseIntervention(data, 'the preset') })
    await expect(refused('taken')).rejects.toMatchObject({ code: 'conflict' })
    await expect(updatePreset(database, 'b', { name: 'taken' })).rejects.toMatchObject({ code: 'conflict' })
    await expect(refused(' ')).rejects.toThrow(/must have 1 to 120 characters, it is empty/)
    await expect(refused('x'.repeat(121))).rejects.toThrow(/it has 121/)
    await expect(refused(randomUUID())).rejects.toThrow(/like an id/)
    await expect(refused('odd', { ...input, promt: 1 })).rejects.toThrow(/did you mean "prompt"/)
    for (const act of [getPreset, deletePreset]) {
      await expect(act(database, 'takn')).rejects.toMatchObject({
        code: 'not-found',
        remedy: /did you mean "taken"/ as never,
      })
    }
  })
})

const answer = (text: string): SteeringAnswer => ({
  prompt: [],
  answers: [{ branch: 'default', factor: null, text, ids: [], finish: 'length', tokens: [] }],
  tokens: 0,
  seconds: 1,
  engine: 'e',
  device: 'cpu',
})

describe('kept answers', () => {
  it('are read as they were kept, and listed in pages, newest first', async () => {
    const ids: string[] = []
    for (let at = 0; at < 5; at++) {
      ids.push(await keepGeneration(database, { intervention, answer: answer(`answer ${at}`) }))
    }
    // Two with the same timestamp.
    await database.pool.query(`UPDATE generation SET created_at = '2026-01-01' WHERE id = ANY($1::uuid[])`, [
      ids.slice(0, 2),
    ])
    expect(await getGeneration(database, ids[2]!)).toMatchObject({
      engine: 'e',
      device: 'cpu',
      answer: answer('answer 2'),
      intervention: { prompt: 'Once', sampling: { maxTokens: 64 } },
    })
    const listed: string[] = []
    let after: string | undefined
    do {
      const page = await listGenerations(database, { limit: 1, after })
      listed.push(...page.generations.map(({ id }) => id))
      after = page.next ?? undefined
    } while (after)
    expect(listed).toHaveLength(5)
    expect([...listed].sort()).toEqual([...ids].sort())
    expect(listed.slice(3).sort()).toEqual(ids.slice(0, 2).sort())
    for (const id of ['x', randomUUID()])
      await expect(getGeneration(database, id)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('of an older version get the device of their row; a damaged one does not take the list down', async () => {
    await database.pool.query('DELETE FROM generation')
    const [old, damaged] = [
      await keepGeneration(database, { intervention, answer: answer('old') }),
      await keepGeneration(database, { intervention, answer: answer('damaged') }),
    ]
    await database.pool.query(`UPDATE generation SET answer = answer - 'device', device = 'cuda' WHERE id = $1`, [old])
    await database.pool.query(`UPDATE generation SET answer = '{"prompt": 1}' WHERE id = $1`, [damaged])
    expect((await getGeneration(database, old)).answer.device).toBe('cuda')
    const { generations } = await listGenerations(database, { limit: 10 })
    expect(generations.map(({ texts }) => texts)).toEqual([[{ branch: 'default', text: 'old' }]])
    await expect(getGeneration(database, damaged)).rejects.toThrow()
  })
})
