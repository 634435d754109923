import * as tf from '@tensorflow/tfjs-core'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Interval } from '../../tensors/bootstrap'
import { silentStage } from '../../progress'
import { loadBackend } from '../../tensors/backend'
import { createRandom } from '../../tensors/random'
import type { SuiteResult } from './definition'
import { plantedDictionary, plantedInput, plantedModel, plantedTokenizer } from './planted.testing'
import { SUITE, type SUITE_NAMES } from '.'
import type { SuiteInput } from './runner'
import { SUITE_RUNNERS } from './runners'

beforeAll(async () => {
  await loadBackend('cpu')
})

const random = createRandom('suite')
const noise = (n: number, scale = 1) => Float32Array.from({ length: n }, () => scale * random.normal())

async function measured(name: (typeof SUITE_NAMES)[number], settings: object, input: SuiteInput): Promise<SuiteResult> {
  const runner = SUITE_RUNNERS[name]
  const parsed = SUITE[name].settings.parse(settings)
  const results: object[] = []
  for (const part of runner.plan(parsed, { hasControl: input.control !== undefined })) {
    results.push(await runner.run(parsed, part, input, silentStage()))
  }
  const result = JSON.parse(JSON.stringify(runner.finish(parsed, results))) as SuiteResult
  // Every row has the columns that its table defines, and no other.
  for (const [table, { columns }] of Object.entries(SUITE[name].tables)) {
    for (const row of result.tables[table]!)
      expect(Object.keys(row).sort()).toEqual(Object.keys(columns as object).sort())
  }
  return result
}

const value = (cell: unknown) => (cell as Interval).value

describe('sparse probing', () => {
  const D = 8
  /** Tokens 1–20 are of class x: a direction over all channels, so that no single channel marks it. */
  const direction = Float32Array.from({ length: D }, (_, i) => (i % 2 === 0 ? 1 : -1) / Math.sqrt(D))
  const values = noise(41 * D, 2)
  for (let token = 0; token < 41; token++) {
    const own = direction.reduce((sum, each, i) => sum + each * values[token * D + i]!, 0)
    const wanted = token >= 1 && token <= 20 ? 3 : 0
    for (let i = 0; i < D; i++) values[token * D + i]! += (wanted - own) * direction[i]!
  }
  const dictionary = plantedDictionary(Float32Array.of(...noise(3 * D, 0.3), ...direction), D, 0.5)
  const words = Array.from({ length: 41 }, (_, id) => ` w${id}`)
  const file = join(mkdtempSync(join(tmpdir(), 'probing-')), 'two.jsonl')
  const text = (first: number) => Array.from({ length: 6 }, () => `w${first + random.int(20)}`).join(' ')
  const lines = Array.from({ length: 80 }, (_, at) =>
    JSON.stringify({ text: text(at % 2 === 0 ? 1 : 21), label: at % 2 === 0 ? 'x' : 'y' }),
  )
  writeFileSync(file, lines.join('\n'))
  const input = plantedInput({
    model: plantedModel(values, D, new Float32Array(D * 2)),
    dictionary,
    tokenizer: plantedTokenizer(words),
  })
  const settings = { labelled: file, trainTexts: 50, testTexts: 30, textTokens: 8 }

  it('identifies a class by the one latent that marks it, and not by one channel of the model', async () => {
    const { tables, notes } = await measured('sparse-probing', settings, input)
    const [latents, channels] = tables['mean']!
    expect(latents!['k1']).toEqual({ value: 1, low: 1, high: 1 })
    expect(value(channels!['k1'])).toBeLessThan(0.95)
    expect(value(channels!['all'])).toBe(1)
    expect(tables['classes']!.map(({ class: label, latent }) => [label, latent])).toEqual([
      ['x', '#3'],
      ['y', '#3'],
    ])
    expect(notes[0]).toContain('2 classes, 50 training and 30 test texts')
  })

  it('refuses texts longer than the context, and classes of single documents', async () => {
    await expect(measured('sparse-probing', { ...settings, textTokens: 2000 }, input)).rejects.toThrow('do not fit')
    writeFileSync(`${file}.single`, '{"text":"w1","label":"x"}\n{"text":"w2","label":"y"}\n')
    await expect(measured('sparse-probing', { ...settings, labelled: `${file}.single` }, input)).rejects.toThrow(
      'has 0 class(es) of two or more documents',
    )
  })
})

describe('first-letter absorption', () => {
  const D = 12
  const axis = (...on: readonly (readonly [number, number])[]) => {
    const row = new Float32Array(D)
    for (const [i, amount] of on) row[i] = amount
    return row
  }
  const letters = ['a', 'b', 'c']
  const words = [
    '<s>',
    ...letters.flatMap((letter) => Array.from({ length: 80 }, (_, at) => ` ${letter}${spelled(at)}`)),
  ]
  /** Words of letter ℓ have 4 along axis ℓ; every fourth word of "a" has 6 along one of eight other axes as well. */
  const isAbsorbed = (word: string, at: number) => word.startsWith(' a') && at % 4 === 0
  const values = noise(words.length * D, 0.05)
  for (const [at, word] of words.entries()) {
    const letter = letters.indexOf(word[1]!)
    if (at === 0) continue
    values[at * D + letter]! += 4
    if (isAbsorbed(word, at)) values[at * D + 3 + ((at / 4) % 8)]! += 6
  }
  const model = plantedModel(values, D, new Float32Array(D * 2))
  const tokenizer = plantedTokenizer(words)
  const half = Math.SQRT1_2
  const others = Array.from({ length: 8 }, (_, at) => 3 + at)
  const plain = [axis([0, 1]), axis([1, 1]), axis([2, 1])]

  function dictionaryOf(encoder: readonly Float32Array[], bias: number) {
    const dictionary = plantedDictionary(Float32Array.from(encoder.flatMap((row) => [...row])), D, bias)
    dictionary.tensors['W_dec']!.data.set(plain[0]!)
    return dictionary
  }

  function spelled(at: number): string {
    return String.fromCharCode(97 + Math.floor(at / 26), 97 + (at % 26))
  }

  it('is found where one latent takes the part of another, and not elsewhere', async () => {
    // The latent of "a" is silent where another axis is on; a latent of that axis then stands for both.
    const absorbed = axis([0, 1], ...others.map((at) => [at, -1] as const))
    const absorbers = others.map((at) => axis([0, half], [at, half]))
    const dictionary = dictionaryOf([absorbed, ...plain.slice(1), ...absorbers], 3)
    const { tables } = await measured('absorption', { words: 240 }, plantedInput({ model, dictionary, tokenizer }))
    const rows: Record<string, Record<string, unknown>> = Object.fromEntries(
      tables['letters']!.map((row) => [row['letter'] as string, row]),
    )
    expect(rows['b']).toMatchObject({ fraction: 0, full: 0, split: 1, latents: '#1', probe: 1 })
    expect(rows['a']!['latents']).toBe('#0')
    expect(rows['a']!['fullWords']).toBeGreaterThan(0)
    expect(rows['a']!['fraction']).toBeGreaterThanOrEqual(rows['a']!['full'] as number)
    expect(tables['mean']![0]).toMatchObject({ letters: 3 })
  })

  it('is nothing with a latent for every letter', async () => {
    const dictionary = dictionaryOf(plain, 3)
    const { tables } = await measured('absorption', { words: 240 }, plantedInput({ model, dictionary, tokenizer }))
    expect(tables['mean']![0]).toMatchObject({ letters: 3, fraction: { value: 0 }, full: { value: 0 }, split: 1 })
  })
})

describe('influence', () => {
  const [D, VOCABULARY] = [10, 30]
  /** The unembedding reads the first two channels strongly and the others hardly. */
  const unembedding = noise(D * VOCABULARY).map((each, i) => each * (i < 2 * VOCABULARY ? 3 : 0.05))
  const values = noise(VOCABULARY * D)
  const model = plantedModel(values, D, unembedding)
  const unit = (at: number) => Array.from({ length: D }, (_, i) => (i === at ? 1 : 0))
  const strong = plantedDictionary(Float32Array.from([...unit(0), ...unit(1)]), D, -9)
  const weak = plantedDictionary(Float32Array.from([...unit(5), ...unit(6)]), D, -9)
  const contexts = Int32Array.from({ length: 12 * 6 }, () => random.int(VOCABULARY))
  const input = plantedInput({
    model,
    dictionary: strong,
    control: { name: 'weak', dictionary: weak },
    heldOutContexts: () => Promise.resolve({ tokens: contexts, contextSize: 6 }),
    async *heldOutRows() {
      yield await Promise.resolve({ n: 4, x: values.slice(0, 4 * D), context: new Int32Array(4) })
    },
    promoted: (directions) => [
      ...tf.argMax(tf.matMul(directions, tf.tensor2d(unembedding, [D, VOCABULARY])), 1).dataSync<'int32'>(),
    ],
  })
  const settings = { features: 2, contexts: 5, prefix: 4 }

  it('is larger than that of random directions and of a control that the model does not read', async () => {
    const { tables, notes } = await measured('influence', settings, input)
    for (const row of tables['ratios']!) {
      expect((row['maxLogit'] as Interval).low).toBeGreaterThan(1)
      expect(value(row['rank'])).toBeGreaterThan(0)
    }
    expect(tables['ratios']!.map(({ against }) => against)).toEqual([
      ...new Array<string>(5).fill('random directions'),
      ...new Array<string>(5).fill('weak'),
    ])
    expect(notes[0]).toBe('2 of 2 live latents × 5 held-out contexts of 4 tokens')
  })

  it('takes other contexts for those that end at a sink', async () => {
    // Token 29 has a norm of a hundred times the others'; the first two contexts end with it.
    const large = values.map((each, i) => (i >= 29 * D ? 100 * each : each))
    const ids = contexts.map((id, at) => (at === 3 || at === 9 ? 29 : Math.min(id, 28)))
    const { notes } = await measured('influence', settings, {
      ...input,
      control: undefined,
      model: plantedModel(large, D, unembedding),
      medianNorm: 5,
      heldOutContexts: () => Promise.resolve({ tokens: ids, contextSize: 6 }),
    })
    expect(notes[0]).toContain('× 5 held-out contexts of 4 tokens')
  })

  it('is what the change of the logits is, by hand', async () => {
    const { tables } = await measured('influence', { ...settings, features: 2 }, { ...input, control: undefined })
    const [row] = tables['groups']!.filter(({ directions, lambda }) => directions === 'this dictionary' && lambda === 1)
    // Counted positions: all but the first of each context.
    const rows = [0, 1, 2, 3, 4].flatMap((at) => [1, 2, 3].map((position) => contexts[at * 6 + position]!))
    const norm = (token: number) => Math.sqrt(values.slice(token * D, (token + 1) * D).reduce((s, v) => s + v * v, 0))
    const scale = rows.reduce((sum, token) => sum + norm(token), 0) / rows.length
    const peaks = [0, 1].map((at) => {
      const change = unembedding.slice(at * VOCABULARY, (at + 1) * VOCABULARY).map((each) => each * scale)
      return Math.max(...change) - change.reduce((sum, each) => sum + each, 0) / VOCABULARY
    })
    expect(value(row!['maxLogit'])).toBeCloseTo((peaks[0]! + peaks[1]!) / 2, 4)
  })

  it('leaves no tensor behind', async () => {
    const kept: { dispose(): void }[] = []
    const keeping: SuiteInput = {
      ...input,
      async keep(_key, make) {
        const made = await make()
        kept.push(made)
        return made
      },
    }
    const free = () => {
      for (const each of [...kept, strong, weak]) each.dispose()
    }
    free()
    const before = tf.memory().numTensors
    await measured('influence', settings, keeping)
    free()
    expect(tf.memory().numTensors).toBe(before)
  })
})
