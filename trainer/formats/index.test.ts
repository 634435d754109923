import { describe, expect, it } from 'vitest'
import { dictionaryFormat, formatNames } from '.'

describe('dictionary formats', () => {
  it('are found by name', () => {
    expect(formatNames).toContain('saelens')
    for (const name of formatNames) expect(dictionaryFormat(name).name).toBe(name)
  })

  it('name the nearest for an unknown one', () => {
    expect(() => dictionaryFormat('sealens')).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining('did you mean "saelens"') as string }),
    )
  })
})
