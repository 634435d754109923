import { describe, expect, it } from 'vitest'
import { LoupeError } from '../errors'
import { parseIntervention } from './intervention'

const edit = { dictionary: 'd', feature: 7, mode: 'add', strength: 3, positions: 'all' }
const preset = { model: 'm', prompt: 'The', edits: [edit], sampling: { temperature: 0, maxTokens: 5, seed: 1 } }

function problem(input: unknown): string {
  try {
    parseIntervention(input, 'preset.json')
  } catch (error) {
    expect(error).toBeInstanceOf(LoupeError)
    return (error as LoupeError).message
  }
  throw new Error('accepted')
}

describe('an intervention', () => {
  it('is read with its defaults filled in', () => {
    expect(parseIntervention(preset, 'preset.json')).toEqual({
      ...preset,
      sampling: { temperature: 0, topP: 1, maxTokens: 5, seed: 1, stop: [] },
      details: { alternatives: 0, kl: false },
    })
    expect(parseIntervention({ model: 'm' }, 'p')).toMatchObject({ edits: [], sampling: { seed: 0 } })
    const short = { hook: 'blocks.1.hook_resid_post', vector: [1, 0.5], mode: 'add', strength: -2 }
    expect(parseIntervention({ model: 'm', edits: [short] }, 'p').edits).toEqual([{ ...short, positions: 'all' }])
  })

  it('may ablate without a strength, nothing else', () => {
    const bare = { dictionary: 'd', feature: 7, mode: 'add' }
    expect(parseIntervention({ model: 'm', edits: [{ ...bare, mode: 'ablate' }] }, 'p').edits).toHaveLength(1)
    expect(problem({ model: 'm', edits: [bare] })).toBe('preset.json: edits.0.strength: mode "add" needs a strength')
  })

  it.each([
    ['an unknown key', { ...preset, promt: 'x' }, 'unknown key "promt" in the intervention, did you mean "prompt"?'],
    [
      'an unknown key of an edit',
      { ...preset, edits: [{ ...edit, strenght: 1 }] },
      'unknown key "strenght" in edits.0, did you mean "strength"? (known: dictionary, feature, mode, strength, positions)',
    ],
    [
      'an unknown key of a vector edit',
      { ...preset, edits: [{ hook: 'h', vector: [1], mode: 'add', strength: 1, layer: 3 }] },
      'unknown key "layer" in edits.0 (known: hook, vector, mode, strength, positions)',
    ],
    [
      'an unknown key of sampling',
      { ...preset, sampling: { top_p: 1 } },
      'unknown key "top_p" in sampling, did you mean "topP"?',
    ],
    ['a wrong mode', { ...preset, edits: [{ ...edit, mode: 'boost' }] }, 'edits.0.mode: '],
    [
      'a wrong position',
      { ...preset, edits: [{ ...edit, positions: 'last' }] },
      'edits.0.positions: expected "all", "prompt"',
    ],
    ['a strength that is not a number', { ...preset, edits: [{ ...edit, strength: Infinity }] }, 'edits.0.strength: '],
    [
      'an unknown key of details',
      { ...preset, details: { KL: true } },
      'unknown key "KL" in details, did you mean "kl"?',
    ],
    ['a factor that is not a number', { ...preset, sweep: [1, NaN] }, 'sweep.1: '],
    ['two equal factors', { ...preset, sweep: [1, 2, 1] }, 'sweep: two factors are equal'],
    ['too many factors', { ...preset, sweep: [1, 2, 3, 4, 5, 6, 7, 8, 9] }, 'sweep: '],
    ['too long a prompt', { ...preset, prompt: 'x'.repeat(40_001) }, 'prompt: '],
    [
      'too long a chat',
      { model: 'm', chat: Array(5).fill({ role: 'user', content: 'x'.repeat(9000) }) },
      'chat: the limit of a chat is 40000 characters',
    ],
    ['both prompt and chat', { ...preset, chat: [{ role: 'user', content: 'x' }] }, 'either a prompt or a chat'],
    ['something else', [1, 2], 'preset.json: the intervention: '],
  ])('names %s', (_, input, expected) => {
    expect(problem(input)).toContain(expected)
  })
})
