import { describe, expect, it } from 'vitest'
import type { FeatureEdit } from '../../trainer/steering/intervention'
import { encodeSetup } from './address'
import { decodeSetup } from './readAddress'
import { DEFAULT_SAMPLING, emptySetup, toIntervention, withEdit, type Setup } from './setup'

const feature: FeatureEdit = {
  dictionary: "name/with 'quotes' & ünïcode",
  feature: 12,
  mode: 'add',
  strength: 42.5,
  positions: [2, 9],
}

function through(setup: Setup): Setup | undefined {
  return decodeSetup(new URLSearchParams(encodeSetup(setup).search), 'other')
}

describe('the address of a setup', () => {
  it('keeps every setting', () => {
    const base = withEdit(emptySetup('a model'), feature)
    const setup: Setup = {
      ...withEdit(base, {
        hook: 'blocks.0.hook_resid_post',
        vector: [1, -2e-7],
        mode: 'add',
        strength: -3,
        positions: 'prompt',
      }),
      prompt: 'a & b = c?\n#%+\u2028 "é" \\ 🙂',
      strengths: [0.5, -1],
      sampling: { temperature: 0, topP: 0.9, maxTokens: 7, seed: 0, stop: ['\n\n', ',', '\\'] },
    }
    setup.edits[1]!.off = true
    expect(through(setup)).toEqual(setup)
  })

  it('keeps a chat instead of a prompt', () => {
    const chat: Setup['chat'] = [
      { role: 'system', content: 'be brief' },
      { role: 'user', content: 'hello & goodbye' },
    ]
    expect(through({ ...emptySetup('m'), chat })?.chat).toEqual(chat)
  })

  it('leaves defaults out', () => {
    expect(encodeSetup(emptySetup('m')).search).toMatch(/^model=m&prompt=[^&]*$/)
  })

  it('is incomplete when a vector is too long, and keeps the rest', () => {
    const vector = Array.from({ length: 576 }, (_, i) => Math.sin(i))
    const setup = withEdit(emptySetup('m'), { hook: 'h', vector, mode: 'add', strength: 1, positions: 'all' })
    const { search, complete } = encodeSetup(setup)
    expect(complete).toBe(false)
    expect(search.length).toBeLessThan(1000)
    expect(new URLSearchParams(search).get('prompt')).toBe(setup.prompt)
  })

  it('without settings is no setup, and has defaults for missing settings', () => {
    expect(decodeSetup(new URLSearchParams('other=1'), 'm')).toBeUndefined()
    const setup = decodeSetup(new URLSearchParams('prompt=hi'), 'm')!
    expect(setup).toMatchObject({ model: 'm', prompt: 'hi', edits: [], sampling: DEFAULT_SAMPLING })
  })

  it.each([
    ['edits=nonsense', /edits/],
    ['edits=[{"feature":1}]', /edits\.0/],
    ['seed=abc', /sampling\.seed/],
    ['temperature=NaN', /sampling\.temperature/],
    ['maxTokens=1e9', /sampling\.maxTokens/],
    ['sweep=1,1', /sweep/],
    ['sweep=', /sweep/],
    ['chat={}', /chat/],
    ['stop=5', /stop/],
  ])('refuses %s and names what is wrong', (search, message) => {
    const read = () => decodeSetup(new URLSearchParams(search), 'm')
    if (search === 'sweep=') expect(read()?.strengths).toEqual([0])
    else expect(read).toThrow(message)
  })
})

describe('the intervention of a setup', () => {
  it('leaves out edits that are off, and the prompt of a chat', () => {
    const setup = withEdit(emptySetup('m'), { ...feature, positions: 'all' })
    setup.edits[0]!.off = true
    expect(toIntervention(setup).edits).toEqual([])
    const chat: Setup['chat'] = [{ role: 'user', content: 'hi' }]
    expect(toIntervention({ ...setup, chat })).not.toHaveProperty('prompt')
  })
})
