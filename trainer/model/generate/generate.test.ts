import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadBackend } from '../../tensors/backend'
import { generate, generateAll, type GeneratedToken, type GenerateOptions } from './generate'
import { loadModel } from '../load/loadModel'
import { tinyGolden } from '../tiny.testing'
import type { HookedModel, LoupeTokenizer } from '../types'

const golden = tinyGolden('llama')
let real: HookedModel

beforeAll(async () => {
  await loadBackend('tensorflow')
  real = (await loadModel(golden.folder)).model
})

afterAll(() => real.dispose())

/** Bytes are tokens; 256 ends a text. */
const bytes: LoupeTokenizer = {
  encode: (text) => [...Buffer.from(text)],
  decode: (ids) => new TextDecoder().decode(Uint8Array.from(ids)),
  tokenText: (id) => String.fromCharCode(id),
  applyChatTemplate: () => '',
  vocabularySize: 257,
  specialIds: { eos: 256 },
  hash: '',
}

/** A model that says these texts, one per row, after any prompt. */
function parrot(...scripts: (string | number[])[]): HookedModel {
  const ids = scripts.map((script) => (typeof script === 'string' ? bytes.encode(script) : script))
  let step = 0
  const run: HookedModel['run'] = () => {
    const next = Float32Array.from({ length: ids.length * 257 }, (_, i) =>
      ids[Math.floor(i / 257)]![Math.min(step, ids[Math.floor(i / 257)]!.length - 1)] === i % 257 ? 9 : 0,
    )
    step += 1
    return { logits: tf.tensor(next, [ids.length, 1, 257]), captured: new Map() }
  }
  return { ...real, config: { ...real.config, n_ctx: 1000 }, run, newCache: (rows) => real.newCache(rows) }
}

const greedy = (options: Partial<GenerateOptions['sampling']> = {}) => ({
  temperature: 0,
  topP: 1,
  maxTokens: 50,
  seed: 0,
  ...options,
})

async function tokens(model: HookedModel, sampling: GenerateOptions['sampling'], rows = 1): Promise<GeneratedToken[]> {
  const all = []
  for await (const token of generate(model, bytes, { prompts: Array(rows).fill([1]) as number[][], sampling }))
    all.push(token)
  return all
}

describe('generated text', () => {
  it('arrives in whole characters, however many tokens a character has', async () => {
    const text = 'aé🦙漢z'
    const all = await tokens(parrot(text), greedy({ maxTokens: Buffer.from(text).length }))
    expect(all.map((token) => token.text).filter(Boolean)).toEqual(['a', 'é', '🦙', '漢', 'z'])
    expect(all.every((token) => !token.text.includes('\ufffd'))).toBe(true)
    const broken = await tokens(parrot([0x61, 0xf0, 0x9f]), greedy({ maxTokens: 3 }))
    expect(broken.map((token) => token.text).join('')).toBe('a\ufffd')
  })

  it('ends before the first stop string, of which nothing is shown', async () => {
    const options = greedy({ stop: ['\nEND', 'never'], maxTokens: 50 })
    const all = await tokens(parrot('one\nEN two\nEND three'), options)
    expect(all.map(({ text }) => text).join('')).toBe('one\nEN two')
    expect(all.at(-1)).toMatchObject({ finish: 'stop', id: 'D'.charCodeAt(0) })
    // What could have become a stop string is let go when it did not, or when the text ends.
    expect(all.filter(({ text }) => text.length > 1).map(({ text }) => text)).toEqual(['ne', '\nEN '])
    const cut = await tokens(parrot('abc\nEN'), greedy({ stop: ['\nEND'], maxTokens: 6 }))
    expect(cut.map(({ text }) => text)).toEqual(['a', 'b', 'c', '', '', '\nEN'])
    const [row] = await generateAll(parrot([...bytes.encode('abc\nEN'), 256]), bytes, {
      prompts: [[1]],
      sampling: options,
    })
    expect(row).toMatchObject({ text: 'abc\nEN', finish: 'end' })
  })

  it('ends row by row, and each row keeps its own text', async () => {
    const model = parrot([...bytes.encode('ab'), 256], 'wait, stop', 'long enough')
    const prompts = [[1], [2], [3]]
    const rows = await generateAll(model, bytes, { prompts, sampling: greedy({ stop: ['stop'], maxTokens: 11 }) })
    expect(rows.map(({ text, finish }) => [text, finish])).toEqual([
      ['ab', 'end'],
      ['wait, ', 'stop'],
      ['long enough', 'length'],
    ])
    expect(rows[0]!.ids).toEqual(bytes.encode('ab'))
    expect(rows[0]!.logprobs).toHaveLength(2)
  })
})

describe('generation', () => {
  const prompts = [golden.prompt]
  const sampling = { temperature: 1, topP: 0.95, maxTokens: 30, seed: 5 }

  it('repeats with its seed and differs with another; rows can have their own seeds', async () => {
    const ids = async (options: GenerateOptions) => (await generateAll(real, undefined, options)).map((row) => row.ids)
    const [first] = await ids({ prompts, sampling })
    expect(await ids({ prompts, sampling })).toEqual([first])
    expect(await ids({ prompts, sampling: { ...sampling, seed: 6 } })).not.toEqual([first])
    expect(await ids({ prompts: [golden.prompt, golden.prompt], sampling })).toEqual([first, first])
    const [a, b] = await ids({ prompts: [golden.prompt, golden.prompt], sampling, seeds: [5, 6] })
    expect(a).toEqual(first)
    expect(b).not.toEqual(first)
  })

  it('lets an edit act on every position, the prompt at once and then one by one', async () => {
    const seen: number[] = []
    const edits = new Map([
      [
        'blocks.0.hook_resid_post',
        (x: tf.Tensor) => {
          seen.push(x.shape[1]!)
          return tf.tidy(() => tf.mul(x, tf.tensor([1, -1], [2, 1, 1])))
        },
      ],
    ])
    const options = { prompts: [golden.prompt, golden.prompt], sampling: greedy({ maxTokens: 12 }), edits }
    const [plain, edited] = await generateAll(real, undefined, options)
    expect(plain!.ids).toEqual(golden.greedy)
    expect(edited!.ids).not.toEqual(golden.greedy)
    expect(seen).toEqual([golden.prompt.length, ...new Array<number>(11).fill(1)])
  })

  it('ends where the context is full', async () => {
    const { n_ctx } = real.config
    const long = Array.from({ length: n_ctx - 2 }, (_, i) => i % 250)
    const [row] = await generateAll(real, undefined, { prompts: [long], sampling: greedy() })
    expect(row).toMatchObject({ finish: 'length' })
    expect(row!.ids).toHaveLength(3)
    await expect(generateAll(real, undefined, { prompts: [[...long, 1, 2, 3]], sampling: greedy() })).rejects.toThrow(
      /65.*64/,
    )
  })

  it('refuses prompts of no or unequal length, and leaves nothing behind when it is stopped', async () => {
    const before = tf.memory().numTensors
    const run = (prompts: number[][]) => generateAll(real, undefined, { prompts, sampling })
    for (const wrong of [[], [[]], [[1, 2], [3]]]) await expect(run(wrong)).rejects.toMatchObject({ code: 'bad-input' })
    const controller = new AbortController()
    const stream = generate(real, undefined, { prompts, sampling, signal: controller.signal })
    await stream.next()
    controller.abort()
    await expect(stream.next()).rejects.toMatchObject({ code: 'cancelled' })
    for await (const { id } of generate(real, undefined, { prompts, sampling })) if (id >= 0) break
    expect(tf.memory().numTensors).toBe(before)
  })
})
