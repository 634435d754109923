import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LoadedModel } from '../model/types'
import { loadBackend } from '../tensors/backend'
import { parseIntervention } from './intervention'
import { steer, streamSteering, type SteeringDelta } from './steer'
import { tinyDictionary, tinyLlama } from './tiny.testing'

const HOOK = 'blocks.1.hook_resid_post'
const dictionary = tinyDictionary()
const resolve = () => Promise.resolve({ dictionary, hook: HOOK })
let loaded: LoadedModel

beforeAll(async () => {
  await loadBackend()
  loaded = await tinyLlama()
})

afterAll(() => {
  loaded.model.dispose()
  dictionary.dispose()
})

type Edit = Record<string, unknown>

function intervention(edits: Edit[], sampling: object = {}) {
  const whole = edits.map((edit) => ({ dictionary: 'd', feature: 5, mode: 'add', strength: 1, ...edit }))
  const defaults = { temperature: 0.8, maxTokens: 12, seed: 3 }
  return parseIntervention(
    { model: 'tiny', prompt: 'abcde', edits: whole, sampling: { ...defaults, ...sampling } },
    'test',
  )
}

/** Every token of both answers, with exact log-probabilities. */
async function tokens(edits: Edit[], sampling?: object): Promise<Record<'default' | 'steered', [number, number][]>> {
  const found: Record<string, [number, number][]> = { default: [], steered: [] }
  for await (const { branch, id, logprob } of streamSteering(loaded, resolve, intervention(edits, sampling))) {
    found[branch]!.push([id, logprob])
  }
  return found
}

describe('steering', () => {
  it.each([
    ['no edit', []],
    ['adding nothing', [{ strength: 0 }]],
    ['scaling by one', [0, 1, 2, 3, 4, 5, 6, 7].map((feature) => ({ feature, mode: 'scale', strength: 1 }))],
    ['ablating what is off at every position', [{ mode: 'ablate', positions: [900, 901] }]],
  ])('with %s gives the default, bit for bit', async (_, edits) => {
    const found = await tokens(edits)
    expect(found.default).toHaveLength(12)
    expect(found.steered).toEqual(found.default)
  })

  it('changes the steered answer and leaves the default as it is without edits', async () => {
    const untouched = await tokens([])
    const scaled = Array.from({ length: 32 }, (_, feature) => ({ feature, mode: 'scale', strength: 40 }))
    for (const edits of [[{ strength: 40 }], [{ mode: 'set', strength: 30 }], scaled]) {
      const found = await tokens([...edits, { mode: 'ablate', feature: 50 }])
      expect(found.default).toEqual(untouched.default)
      expect(found.steered).not.toEqual(found.default)
    }
  })

  it('does what the edit says: the first token follows from the edited prompt', async () => {
    const found = await tokens([{ strength: 25 }], { temperature: 0 })
    const direction = tf.tensor1d(dictionary.direction(5))
    const expected = tf.tidy(() => {
      const ids = Int32Array.from(loaded.tokenizer!.encode('abcde'))
      const edits = new Map([[HOOK, (value: tf.Tensor) => tf.add(value, tf.mul(direction, 25))]])
      const { logits } = loaded.model.run({ ids, batch: 1, seq: 5 }, { edits, logits: 'last' })
      const logs = tf.logSoftmax(tf.reshape(logits!, [-1])).dataSync()
      const id = logs.indexOf(Math.max(...logs))
      return { id: tf.scalar(id), logprob: tf.scalar(logs[id]!) }
    })
    expect(found.steered[0]![0]).toBe(expected.id.dataSync()[0])
    expect(found.steered[0]![1]).toBeCloseTo(expected.logprob.dataSync()[0]!, 4)
    tf.dispose([direction, expected.id, expected.logprob])
  })

  it('at generated positions leaves the first token alone, at prompt positions it does not', async () => {
    const generated = await tokens([{ strength: 60, positions: 'generated' }])
    expect(generated.steered[0]).toEqual(generated.default[0])
    expect(generated.steered).not.toEqual(generated.default)
    const prompt = await tokens([{ strength: 60, positions: 'prompt' }])
    expect(prompt.steered[0]![1]).not.toBe(prompt.default[0]![1])
  })

  it('adds a vector at a hook of heads', async () => {
    const vector = Array.from({ length: 32 }, (_, i) => Math.sin(i))
    const edit = { hook: 'blocks.0.attn.hook_z', vector, mode: 'add', strength: 30 }
    const given = parseIntervention({ model: 'tiny', prompt: 'abc', edits: [edit], sampling: { maxTokens: 8 } }, 'test')
    const answer = await steer(loaded, resolve, given)
    expect(answer.steered.ids).not.toEqual(answer.default.ids)
  })

  it('streams what it answers as a whole', async () => {
    const given = intervention([{ strength: 30 }], { stop: ['\u0020'] })
    const answer = await steer(loaded, resolve, given)
    const deltas: SteeringDelta[] = []
    for await (const delta of streamSteering(loaded, resolve, given)) deltas.push(delta)
    for (const branch of ['default', 'steered'] as const) {
      const own = deltas.filter((delta) => delta.branch === branch)
      expect(own.map(({ id }) => id)).toEqual(answer[branch].ids)
      expect(own.map(({ text }) => text).join('')).toBe(answer[branch].text)
      expect(own.at(-1)!.finish).toBeDefined()
    }
  })

  it('reads a chat through the template', async () => {
    const given = { model: 'tiny', edits: [], sampling: { maxTokens: 4, temperature: 0 } }
    const chat = await steer(
      loaded,
      resolve,
      parseIntervention({ ...given, chat: [{ role: 'user', content: 'hi' }] }, 't'),
    )
    const text = await steer(loaded, resolve, parseIntervention({ ...given, prompt: 'user: hi\n' }, 't'))
    expect(chat).toEqual(text)
  })

  it('refuses a model without a tokenizer and nothing to continue, stops when aborted, leaves no tensor', async () => {
    await expect(steer({ ...loaded, tokenizer: undefined }, resolve, intervention([]))).rejects.toThrow(
      'tiny has no tokenizer',
    )
    const empty = parseIntervention({ model: 'tiny', prompt: '' }, 'test')
    await expect(steer(loaded, resolve, empty)).rejects.toThrow('there is no text to continue')
    const before = tf.memory().numTensors
    await expect(steer(loaded, resolve, intervention([{}]), AbortSignal.abort())).rejects.toMatchObject({
      code: 'cancelled',
    })
    await steer(loaded, resolve, intervention([{}, { mode: 'set', feature: 9 }]))
    expect(tf.memory().numTensors).toBe(before)
  })
})
