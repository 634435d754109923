import { describe, expect, it } from 'vitest'
import { commands } from './index'

describe('the commands', () => {
  it('have different names', () => {
    expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length)
  })

  it.each(commands)('$name describes the arguments of its entry in the list', async (listed) => {
    const { arguments: described = {} } = await listed.load()
    expect(Object.keys(described)).toEqual(listed.arguments ?? [])
  })
})
