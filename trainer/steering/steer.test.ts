import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HookEdit, LoadedModel } from '../model/types'
import { currentBackend, loadBackend } from '../tensors/backend'
import { SteeringEvent, type SteeringToken } from './events'
import { parseIntervention, type Intervention } from './intervention'
import { steer, streamSteering, type SteerOptions } from './steer'
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

function intervention(edits: Edit[], sampling: object = {}, rest: object = {}) {
  const whole = edits.map((edit) => ({ dictionary: 'd', feature: 5, mode: 'add', strength: 1, ...edit }))
  const defaults = { temperature: 0.8, maxTokens: 12, seed: 3 }
  return parseIntervention(
    { model: 'tiny', prompt: 'abcde', edits: whole, sampling: { ...defaults, ...sampling }, ...rest },
    'test',
  )
}

async function events(data: Intervention, options?: SteerOptions): Promise<SteeringEvent[]> {
  const all = []
  for await (const event of streamSteering(loaded, resolve, data, options)) all.push(event)
  return all
}

/** Tokens by branch. */
async function tokensOf(data: Intervention): Promise<Record<'default' | 'steered' | (string & {}), SteeringToken[]>> {
  const branches: Record<string, SteeringToken[]> = {}
  for (const event of await events(data)) if (event.type === 'token') (branches[event.branch] ??= []).push(event)
  return branches
}

/** Every token of both answers, with exact log-probabilities. */
async function tokens(edits: Edit[], sampling?: object): Promise<Record<'default' | 'steered', [number, number][]>> {
  const answers = await tokensOf(intervention(edits, sampling))
  const exact = (branch: SteeringToken[]) => branch.map(({ id, logprob }): [number, number] => [id, logprob])
  return { default: exact(answers.default), steered: exact(answers.steered) }
}

/** Log-probabilities of the token after these, from one run without a cache. */
function logprobsAfter(ids: number[], edits?: ReadonlyMap<string, HookEdit>): Float32Array {
  const { logits } = loaded.model.run(
    { ids: Int32Array.from(ids), batch: 1, seq: ids.length },
    { logits: 'last', ...(edits && { edits }) },
  )
  const logprobs = tf.tidy(() => tf.logSoftmax(tf.reshape(logits!, [-1])))
  const values = logprobs.dataSync<'float32'>()
  tf.dispose([logits!, logprobs])
  return values
}

describe('steering', () => {
  it.each([
    ['no edit', []],
    ['adding nothing', [{ strength: 0 }]],
    ['scaling by one', [0, 1, 2, 3, 4, 5, 6, 7].map((feature) => ({ feature, mode: 'scale', strength: 1 }))],
    ['ablating what is off at every position', [{ mode: 'ablate', positions: [900, 901] }]],
  ])('with %s gives the default, bit for bit', async (_, edits) => {
    const answers = await tokens(edits)
    expect(answers.default).toHaveLength(12)
    expect(answers.steered).toEqual(answers.default)
  })

  it('changes the steered answer and leaves the default as it is without edits', async () => {
    const untouched = await tokens([])
    const scaled = Array.from({ length: 32 }, (_, feature) => ({ feature, mode: 'scale', strength: 40 }))
    for (const edits of [[{ strength: 40 }], [{ mode: 'set', strength: 30 }], scaled]) {
      const answers = await tokens([...edits, { mode: 'ablate', feature: 50 }])
      expect(answers.default).toEqual(untouched.default)
      expect(answers.steered).not.toEqual(answers.default)
    }
  })

  it('does what the edit says: the first token follows from the edited prompt', async () => {
    const answers = await tokens([{ strength: 25 }], { temperature: 0 })
    const direction = tf.tensor1d(dictionary.direction(5))
    const expected = tf.tidy(() => {
      const ids = Int32Array.from(loaded.tokenizer!.encode('abcde'))
      const edits = new Map([[HOOK, (value: tf.Tensor) => tf.add(value, tf.mul(direction, 25))]])
      const { logits } = loaded.model.run({ ids, batch: 1, seq: 5 }, { edits, logits: 'last' })
      const logs = tf.logSoftmax(tf.reshape(logits!, [-1])).dataSync()
      const id = logs.indexOf(Math.max(...logs))
      return { id: tf.scalar(id), logprob: tf.scalar(logs[id]!) }
    })
    expect(answers.steered[0]![0]).toBe(expected.id.dataSync()[0])
    expect(answers.steered[0]![1]).toBeCloseTo(expected.logprob.dataSync()[0]!, 4)
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
    const data = parseIntervention({ model: 'tiny', prompt: 'abc', edits: [edit], sampling: { maxTokens: 8 } }, 'test')
    const { answers } = await steer(loaded, resolve, data)
    expect(answers[1]!.ids).not.toEqual(answers[0]!.ids)
  })

  it('streams the same answers that it returns as a whole, in the form in which they are sent', async () => {
    const data = intervention([{ strength: 30 }], { stop: ['\u0020'] }, { details: { alternatives: 2, kl: true } })
    const { answers, tokens } = await steer(loaded, resolve, data)
    const all = await events(data)
    for (const event of all) expect(SteeringEvent.parse(JSON.parse(JSON.stringify(event)))).toEqual(event)
    expect(all[0]).toEqual({
      type: 'start',
      branches: [
        { name: 'default', factor: null },
        { name: 'steered', factor: 1 },
      ],
      prompt: [...'abcde'].map((text) => ({ id: text.charCodeAt(0), text })),
      engine: currentBackend().fingerprint,
      device: currentBackend().device,
    })
    const streamed = all.filter((event) => event.type === 'token')
    expect(streamed).toHaveLength(tokens)
    for (const { branch, ids, text, finish } of answers) {
      const branchTokens = streamed.filter((event) => event.branch === branch)
      expect(branchTokens.map(({ index }) => index)).toEqual(branchTokens.map((_, at) => at))
      expect(branchTokens.map(({ id }) => id)).toEqual(ids)
      expect(branchTokens.map((event) => event.text).join('')).toBe(text)
      expect(branchTokens.map(({ id, token }) => token.charCodeAt(0) === id)).not.toContain(false)
      expect(branchTokens.at(-1)!.finish).toBe(finish)
    }
    expect(all.at(-1)).toMatchObject({ type: 'end', answers, tokens })
  })

  it('reads a chat through the template', async () => {
    const data = { model: 'tiny', edits: [], sampling: { maxTokens: 4, temperature: 0 } }
    const chat = await steer(
      loaded,
      resolve,
      parseIntervention({ ...data, chat: [{ role: 'user', content: 'hi' }] }, 't'),
    )
    const text = await steer(loaded, resolve, parseIntervention({ ...data, prompt: 'user: hi\n' }, 't'))
    expect(chat.answers).toEqual(text.answers)
  })

  it('refuses a model without a tokenizer and an empty prompt, stops when aborted, leaves no tensor', async () => {
    await expect(steer({ ...loaded, tokenizer: undefined }, resolve, intervention([]))).rejects.toThrow(
      'tiny has no tokenizer',
    )
    const empty = parseIntervention({ model: 'tiny', prompt: '' }, 'test')
    await expect(steer(loaded, resolve, empty)).rejects.toThrow('there is no text to continue')
    const before = tf.memory().numTensors
    await expect(steer(loaded, resolve, intervention([{}]), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    })
    await steer(loaded, resolve, intervention([{}, { mode: 'set', feature: 9 }]))
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('the details of tokens', () => {
  const details = { alternatives: 10, kl: true }

  it('are the KL and the log-probabilities that plain runs give', async () => {
    const direction = tf.tensor1d(dictionary.direction(5))
    const edits = new Map([[HOOK, (value: tf.Tensor) => tf.tidy(() => tf.add(value, tf.mul(direction, 25)))]])
    const answers = await tokensOf(intervention([{ strength: 25 }], {}, { details }))
    const context = [...'abcde'].map((text) => text.charCodeAt(0))
    for (const { id, logprob, kl, defaultLogprob, alternatives } of answers.steered) {
      const [steered, plain] = [logprobsAfter(context, edits), logprobsAfter(context)]
      const expected = steered.reduce((sum, each, at) => sum + Math.exp(each) * (each - plain[at]!), 0)
      expect(kl).toBeCloseTo(expected, 4)
      expect(kl).toBeGreaterThan(0.001)
      expect(logprob).toBeCloseTo(steered[id]!, 4)
      expect(defaultLogprob).toBeCloseTo(plain[id]!, 4)
      const likeliest = [...steered.keys()].sort((a, b) => steered[b]! - steered[a]!).slice(0, 10)
      expect(alternatives.map((each) => each.id)).toEqual(likeliest)
      alternatives.forEach((each) => expect(each.logprob).toBeCloseTo(steered[each.id]!, 4))
      context.push(id)
    }
    expect(answers.default.every(({ kl, defaultLogprob }) => kl === undefined && defaultLogprob === undefined)).toBe(
      true,
    )
    direction.dispose()
  })

  it.each([['all'], ['prompt'], ['generated'], [[3, 7]]])(
    'have a KL of exactly 0 while edits at %j change nothing',
    async (positions) => {
      const answers = await tokensOf(intervention([{ strength: 0, positions }], {}, { details }))
      expect(answers.steered.map(({ kl }) => kl)).toEqual(Array(12).fill(0))
      const bare = ({ id, index, text, logprob, alternatives }: SteeringToken) => ({
        id,
        index,
        text,
        logprob,
        alternatives,
      })
      expect(answers.steered.map(bare)).toEqual(answers.default.map(bare))
      expect(answers.steered.every(({ logprob, defaultLogprob }) => logprob === defaultLogprob)).toBe(true)
      const late = await tokensOf(intervention([{ strength: 40, positions: [8, 90] }], {}, { details }))
      // Position 8 is read for the token after it: the fifth.
      expect(late.steered.slice(0, 4).map(({ kl }) => kl)).toEqual([0, 0, 0, 0])
      expect(late.steered[4]!.kl).toBeGreaterThan(0)
    },
  )

  it('are absent unless the request asks for them', async () => {
    const { steered } = await tokensOf(intervention([{ strength: 25 }]))
    expect(steered.every((token) => token.alternatives.length === 0 && !('kl' in token))).toBe(true)
  })
})

describe('several strengths', () => {
  it.each([['all'], ['generated']])('give the same as one run for each factor (%s)', async (positions) => {
    const factors = [0, 0.5, 1, -2]
    const branches = await tokensOf(
      intervention([{ strength: 20, positions }], {}, { sweep: factors, details: { kl: true } }),
    )
    expect(Object.keys(branches)).toEqual(['default', 'steered ×0', 'steered ×0.5', 'steered ×1', 'steered ×-2'])
    for (const factor of factors) {
      const one = await tokensOf(intervention([{ strength: 20 * factor, positions }], {}, { details: { kl: true } }))
      const steered = branches[`steered ×${factor}`]!
      expect(steered.map(({ id }) => id)).toEqual(one.steered.map(({ id }) => id))
      steered.forEach(({ kl, logprob, defaultLogprob }, at) => {
        expect(kl).toBeCloseTo(one.steered[at]!.kl!, 4)
        expect(logprob).toBeCloseTo(one.steered[at]!.logprob, 4)
        expect(defaultLogprob).toBeCloseTo(one.steered[at]!.defaultLogprob!, 4)
      })
      expect(branches.default.map(({ id }) => id)).toEqual(one.default.map(({ id }) => id))
    }
    expect(branches['steered ×0']!.map(({ kl }) => kl)).toEqual(Array(12).fill(0))
  })
})

describe('bounds', () => {
  it('stop at the next token after an abort', async () => {
    const controller = new AbortController()
    const data = intervention([{ strength: 5 }], {}, { sweep: [1, 2], details: { kl: true } })
    let seen = 0
    const run = async () => {
      for await (const event of streamSteering(loaded, resolve, data, { signal: controller.signal })) {
        if (event.type === 'token' && event.index === 2) controller.abort()
        seen += 1
      }
    }
    await expect(run()).rejects.toMatchObject({ code: 'cancelled' })
    expect(seen).toBe(1 + 3 * 3)
  })

  it('refuse long prompts and too many keys and values, with the numbers', async () => {
    const data = intervention([{}], { maxTokens: 20 }, { sweep: [1, 2, 3], details: { kl: true } })
    const limits = { promptTokens: 4, cacheBytes: 1 }
    await expect(steer(loaded, resolve, data, { limits })).rejects.toThrow('5 tokens, the limit is 4')
    const { n_layers, n_kv_heads, d_head } = loaded.model.config
    const cacheBytes = 7 * 25 * n_layers * n_kv_heads * d_head * 8
    const refused = steer(loaded, resolve, data, { limits: { promptTokens: 5, cacheBytes: cacheBytes - 1 } })
    await expect(refused).rejects.toMatchObject({ code: 'too-large', message: /^7 rows of 25 tokens/ })
    await steer(loaded, resolve, data, { limits: { promptTokens: 5, cacheBytes } })
  })

  it('refuse edits that make the logits infinite', async () => {
    await expect(steer(loaded, resolve, intervention([{ strength: 1e300 }]))).rejects.toMatchObject({
      code: 'bad-input',
      remedy: 'make the edits weaker',
    })
  })
})
