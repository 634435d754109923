import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { LoupeError } from '../errors'
import type { HookedModel } from '../model/types'
import { Dictionary } from '../sae/dictionary/dictionary'
import { loadBackend } from '../tensors/backend'
import { createRandom } from '../tensors/random'
import { resolveEdits, type ResolvedEdit } from './edits'
import type { Edit, Positions } from './intervention'
import { rowEdits } from './rowEdits'
import { sizeOf } from '../tensors/arrays'

const [D, F] = [6, 10]
const HOOK = 'blocks.0.hook_resid_post'
const random = createRandom(4)
const normal = (...shape: number[]) => ({
  shape,
  data: Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
})

function dictionaryOf(normalize_activations: 'none' | 'layer_norm' | 'constant_norm_rescale' = 'none'): Dictionary {
  return Dictionary.create(
    {
      architecture: 'test',
      d_in: D,
      d_sae: F,
      activation: { kind: 'topk', k: 4 },
      apply_b_dec_to_input: true,
      normalize_activations,
    },
    { W_enc: normal(D, F), W_dec: normal(F, D), b_enc: normal(F), b_dec: normal(D) },
  )
}

const plain = dictionaryOf()
const model = {
  hookNames: [HOOK, 'blocks.0.attn.hook_z'],
  hookShape: (name: string) => (name === HOOK ? [D] : [2, 4]),
} as unknown as HookedModel
const resolve =
  (dictionary: Dictionary, hook = HOOK) =>
  () =>
    Promise.resolve({ dictionary, hook })

async function resolved(edit: Partial<Edit>, dictionary = plain): Promise<ResolvedEdit[]> {
  const whole = { dictionary: 'd', feature: 3, mode: 'add', strength: 2, positions: 'all', ...edit } as Edit
  return resolveEdits([whole], model, resolve(dictionary))
}

/** Values `[batch, seq, D]` before and after the edits of each row. */
function apply(rows: ResolvedEdit[][], seq: number, promptLength = seq) {
  const before = normal(rows.length, seq, D)
  const edit = rowEdits(rows.map((edits) => ({ edits, promptLength }))).hooks.get(HOOK)!
  const after = tf.tidy(() => edit(tf.tensor(before.data, before.shape)).dataSync<'float32'>())
  const row = (data: Float32Array, index: number): number[] => [...data.subarray(index * D, (index + 1) * D)]
  return { before: (index: number) => row(before.data, index), after: (index: number) => row(after, index) }
}

/** The latent's value at one activation. */
function activation(dictionary: Dictionary, x: number[], feature: number): number {
  return tf.tidy(() => dictionary.encodeDense(tf.tensor2d(x, [1, D])).dataSync()[feature]!)
}

/** What the dictionary itself makes of a changed code: `decode(z') − decode(z)`. */
function decodedChange(dictionary: Dictionary, x: number[], feature: number, target: number): number[] {
  return tf.tidy(() => {
    const input = tf.tensor2d(x, [1, D])
    const codes = dictionary.encodeDense(input)
    const dense = codes.dataSync().slice()
    dense[feature] = target
    const changed = dictionary.decode(tf.tensor2d(dense, [1, F]), input)
    return [...tf.sub(changed, dictionary.decode(codes, input)).dataSync<'float32'>()]
  })
}

beforeAll(async () => {
  await loadBackend('cpu')
})

describe('edits of a batch', () => {
  it('change only the steered row', async () => {
    const direction = plain.direction(3)
    const { before, after } = apply([[], await resolved({}), []], 2)
    for (const untouched of [0, 1, 4, 5]) expect(after(untouched)).toEqual(before(untouched))
    for (const steered of [2, 3]) {
      after(steered).forEach((value, i) => expect(value).toBeCloseTo(before(steered)[i]! + 2 * direction[i]!, 5))
    }
  })

  it('add vectors, and several edits add up', async () => {
    const vector = [1, 0, 0, 0, 0, -1]
    const [one] = await resolveEdits(
      [{ hook: HOOK, vector, mode: 'add', strength: 3, positions: 'all' }],
      model,
      resolve(plain),
    )
    const { before, after } = apply([[one!, one!]], 1)
    after(0).forEach((value, i) => expect(value).toBeCloseTo(before(0)[i]! + 6 * vector[i]!, 5))
  })

  it.each([
    ['all', [0, 1, 2, 3, 4]],
    ['prompt', [0, 1, 2]],
    ['generated', [3, 4]],
    [
      [1, 4],
      [1, 2, 3],
    ],
  ] as [Positions, number[]][])(
    'touch positions %j of a prompt of three, in whatever steps they come',
    async (positions, expected) => {
      const edits = await resolved({ positions })
      const edit = rowEdits([{ edits, promptLength: 3 }]).hooks.get(HOOK)!
      const touched: number[] = []
      for (const [start, seq] of [
        [0, 3],
        [3, 1],
        [4, 1],
      ] as const) {
        const values = tf.tidy(() => edit(tf.zeros([1, seq, D])).dataSync())
        for (let i = 0; i < seq; i++) if (values[i * D] !== 0) touched.push(start + i)
      }
      expect(touched).toEqual(expected)
    },
  )

  it.each(['none', 'layer_norm', 'constant_norm_rescale'] as const)(
    'set, scale and ablate a latent as the dictionary decodes it, and keep the error (%s)',
    async (normalization) => {
      const dictionary = dictionaryOf(normalization)
      for (const [mode, strength] of [
        ['set', 5],
        ['scale', 3],
        ['ablate', undefined],
      ] as const) {
        const rows = await Promise.all([0, 3, 7].map((feature) => resolved({ feature, mode, strength }, dictionary)))
        const { before, after } = apply(rows, 4)
        for (let at = 0; at < 12; at++) {
          const feature = [0, 3, 7][Math.floor(at / 4)]!
          const z = activation(dictionary, before(at), feature)
          const target = mode === 'set' ? 5 : mode === 'scale' ? 3 * z : 0
          const change = decodedChange(dictionary, before(at), feature, target)
          after(at).forEach((value, i) => expect(value).toBeCloseTo(before(at)[i]! + change[i]!, 3))
        }
      }
    },
  )

  it('without effect change no bit', async () => {
    const null_ = [await resolved({ strength: 0 }), await resolved({ mode: 'scale', strength: 1 })]
    const { before, after } = apply(null_, 8)
    for (let at = 0; at < 16; at++) expect(after(at)).toEqual(before(at))
    // The latent is on somewhere, so the second row was really put to the test.
    expect(Array.from({ length: 8 }, (_, i) => activation(plain, before(8 + i), 3)).some((z) => z > 0)).toBe(true)
  })

  it('leave no tensor behind', async () => {
    const rows = [await resolved({}), await resolved({ mode: 'set', strength: 1 })]
    apply(rows, 2)
    const before = tf.memory().numTensors
    apply(rows, 2)
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('resolving edits', () => {
  it('refuses edits that do not fit the model', async () => {
    const narrow: Edit = { hook: HOOK, vector: [1, 2], mode: 'add', strength: 1, positions: 'all' }
    await expect(resolveEdits([narrow], model, resolve(plain))).rejects.toThrow(
      'a direction of width 2 cannot be added',
    )
    const elsewhere: Edit = { ...narrow, hook: 'blocks.0.hook_resid_pots' }
    const refused = await resolveEdits([elsewhere], model, resolve(plain)).catch(
      (error: unknown) => error as LoupeError,
    )
    expect((refused as LoupeError).remedy).toContain('did you mean "blocks.0.hook_resid_post"')
    await expect(resolved({ feature: F })).rejects.toThrow(`there is no feature ${F}`)
  })

  it('refuses two edits that set the same latent', async () => {
    const set = { dictionary: 'd', feature: 3, mode: 'set', strength: 1, positions: 'all' } as const
    const both = resolveEdits([set, { ...set, mode: 'ablate' }], model, resolve(plain))
    await expect(both).rejects.toThrow('feature 3 of "d" is set by two edits')
  })
})
