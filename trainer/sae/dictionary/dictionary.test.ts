import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadBackend } from '../../tensors/backend'
import { encodeSafetensors } from '../../tensors/safetensors'
import { decodeSparse, toDense } from '../codes/codes'
import { Dictionary } from './dictionary'
import { expectedShapes, parseDictionaryConfig, type DictionaryConfigInput } from './config'
import { type NamedTensor, sizeOf } from '../../tensors/arrays'

beforeAll(async () => {
  await loadBackend()
})

const relu: DictionaryConfigInput = {
  architecture: 'standard',
  d_in: 6,
  d_sae: 40,
  activation: { kind: 'relu' },
  apply_b_dec_to_input: true,
}
const topk: DictionaryConfigInput = { ...relu, architecture: 'topk', activation: { kind: 'topk', k: 4 } }

let state = 1
function noise(length: number): Float32Array {
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  })
}

function randomTensors(config: DictionaryConfigInput): Record<string, NamedTensor> {
  const shapes = Object.entries(expectedShapes(parseDictionaryConfig(config, 'test')))
  return Object.fromEntries(shapes.map(([name, shape]) => [name, { shape, data: noise(sizeOf(shape)) }]))
}

function random(config: DictionaryConfigInput): Dictionary {
  return Dictionary.create(config, randomTensors(config))
}

/** Runs with an input tensor, and checks that nothing but what the dictionary keeps is left behind. */
function using<T>(dictionary: Dictionary, x: Float32Array, block: (x: tf.Tensor2D) => T): T {
  dictionary.dispose()
  const before = tf.memory().numTensors
  const input = tf.tensor2d(x, [x.length / dictionary.d_in, dictionary.d_in])
  const result = block(input)
  input.dispose()
  dictionary.dispose()
  expect(tf.memory().numTensors).toBe(before)
  return result
}

function read(tensor: tf.Tensor): Float32Array {
  const values = tensor.dataSync<'float32'>()
  tensor.dispose()
  return values
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length)
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0)
}

describe('encode and decode', () => {
  it.each([relu, topk])('agree with the plain definition: $architecture', (config) => {
    const dictionary = random(config)
    const { W_enc, W_dec, b_enc, b_dec } = dictionary.tensors
    const x = noise(5 * 6)
    const { codes, output } = using(dictionary, x, (input) => {
      const codes = dictionary.encode(input)
      return { codes, output: read(dictionary.decode(codes)) }
    })
    const dense = new Float32Array(5 * 40)
    for (let row = 0; row < 5; row++) {
      for (let f = 0; f < 40; f++) {
        let pre = b_enc!.data[f]!
        for (let i = 0; i < 6; i++) pre += (x[row * 6 + i]! - b_dec!.data[i]!) * W_enc!.data[i * 40 + f]!
        dense[row * 40 + f] = Math.max(0, pre)
      }
      if (config === topk) {
        const values = dense.subarray(row * 40, (row + 1) * 40)
        const bound = values.slice().sort().at(-4)!
        values.forEach((value, f) => (values[f] = value >= bound ? value : 0))
      }
    }
    expect(largestDifference(toDense(codes), dense)).toBeLessThan(1e-5)
    const plain = decodeSparse(codes, W_dec!.data, 6).map((value, i) => value + b_dec!.data[i % 6]!)
    expect(largestDifference(output, plain)).toBeLessThan(1e-5)
  })

  it('is the same in one piece and in chunks, gathered and dense', () => {
    // 2^24 floats a chunk: 1000 rows of 70,000 latents make five chunks of encoding, and k decides the way of decoding
    const wide = { ...topk, d_in: 3, d_sae: 70_000, activation: { kind: 'topk', k: 2 } as const }
    const dictionary = random(wide)
    const x = noise(1000 * 3)
    const { all, one, gathered, dense } = using(dictionary, x, (input) => {
      const all = dictionary.encode(input)
      const row = tf.slice(input, [777, 0], [1, 3])
      const one = dictionary.encode(row)
      const acts = dictionary.encodeDense(row)
      const [gathered, dense] = [read(dictionary.decode(all)), read(dictionary.decode(acts))]
      tf.dispose([row, acts])
      return { all, one, gathered, dense }
    })
    expect(all.n).toBe(1000)
    expect(all.offsets.at(-1)).toBe(2000)
    expect(Array.from(all.indices.subarray(2 * 777, 2 * 778))).toEqual(Array.from(one.indices))
    expect(largestDifference(gathered.subarray(3 * 777, 3 * 778), dense)).toBeLessThan(1e-5)
  })

  it('flattens heads and refuses other widths, as well as NaN and infinity', () => {
    const dictionary = random({ ...relu, reshape_activations: 'hook_z' })
    const x = noise(4 * 6)
    const heads = tf.tensor3d(x, [4, 2, 3])
    const fromHeads = dictionary.encode(heads)
    expect(fromHeads).toEqual(using(dictionary, x, (input) => dictionary.encode(input)))
    heads.dispose()
    expect(() => dictionary.encode(tf.zeros([4, 5]))).toThrow(/\[4, 5\], expected \[n, 6\]/)
    expect(() => dictionary.encode(tf.tensor2d([1, 2, NaN, 4, 5, 6], [1, 6]))).toThrow(/NaN or infinite/)
    expect(() => dictionary.encode(tf.tensor2d([1, 2, -Infinity, 4, 5, 6], [1, 6]))).toThrow(/NaN or infinite/)
    dictionary.dispose()
  })

  it('takes no rows', () => {
    const dictionary = random(topk)
    const { codes, output } = using(dictionary, new Float32Array(0), (input) => {
      const codes = dictionary.encode(input)
      return { codes, output: read(dictionary.decode(codes)) }
    })
    expect(codes).toMatchObject({ n: 0, offsets: Int32Array.of(0) })
    expect(output.length).toBe(0)
  })

  it('keeps its weights on the device when first used inside a tidy', () => {
    const dictionary = random(topk)
    const x = noise(2 * 6)
    const input = tf.tensor2d(x, [2, 6])
    const counts = [0, 1].map(() => tf.tidy(() => dictionary.encode(input).offsets[2]))
    expect(counts[0]).toBe(counts[1])
    tf.dispose(input)
    dictionary.dispose()
  })

  it.each(['constant_norm_rescale', 'layer_norm'] as const)('undoes %s, and leaves zero vectors finite', (kind) => {
    const dictionary = random({ ...relu, normalize_activations: kind })
    const x = noise(3 * 6)
    x.fill(0, 6, 12)
    const [output, scaled] = using(dictionary, x, (input) => {
      const twice = tf.mul<tf.Tensor2D>(input, 2)
      const outputs = [input, twice].map((rows) => read(dictionary.decode(dictionary.encode(rows), rows)))
      twice.dispose()
      return outputs
    })
    expect(output!.every(Number.isFinite)).toBe(true)
    // The layer norm's epsilon is the only thing that sees the scale.
    expect(
      largestDifference(
        scaled!,
        output!.map((value) => 2 * value),
      ),
    ).toBeLessThan(1e-3)
    expect(() => dictionary.decode(dictionary.encodeDense(tf.zeros([1, 6])))).toThrow(/needs the input/)
    dictionary.dispose()
  })
})

describe('direction', () => {
  it.each([false, true])('is what one unit of a latent adds to the output (rescaled: %s)', (rescale) => {
    const activation = { kind: 'topk', k: 4, rescale_acts_by_decoder_norm: rescale } as const
    const dictionary = random({ ...topk, activation })
    const one = tf.tensor2d(
      Float32Array.from({ length: 40 }, (_, f) => Number(f === 17)),
      [1, 40],
    )
    const nothing = tf.zeros<tf.Rank.R2>([1, 40])
    const added = read(tf.sub(dictionary.decode(one), dictionary.decode(nothing)))
    const direction = dictionary.direction(17)
    expect(largestDifference(direction, added)).toBeLessThan(1e-6)
    if (rescale) expect(Math.hypot(...direction)).toBeCloseTo(1, 6)
    dictionary.dispose()
  })

  it.each([-1, 40, 1.5])('does not exist for feature %d', (feature) => {
    expect(() => random(topk).direction(feature)).toThrow(
      expect.objectContaining({ code: 'not-found', remedy: 'features go from 0 to 39' }),
    )
  })
})

describe('weights blob', () => {
  it('restores the same dictionary, byte for byte', () => {
    const dictionary = random({ ...relu, d_out: 4, skip: true, apply_b_dec_to_input: false })
    const bytes = dictionary.toSafetensors()
    const again = Dictionary.fromSafetensors(bytes)
    expect(again.config).toEqual(dictionary.config)
    expect(again.tensors).toEqual(dictionary.tensors)
    expect(again.toSafetensors().equals(bytes)).toBe(true)
  })

  it('takes the configuration from the caller where it holds none', () => {
    const bytes = encodeSafetensors(randomTensors(topk))
    expect(Dictionary.fromSafetensors(bytes, topk).config.activation).toMatchObject({ kind: 'topk', k: 4 })
    expect(() => Dictionary.fromSafetensors(bytes)).toThrow(/no configuration/)
  })
})

describe('create refuses', () => {
  const vector = (length: number, value = 0) => ({ shape: [length], data: new Float32Array(length).fill(value) })

  it.each<[string, DictionaryConfigInput, Record<string, NamedTensor | undefined>, RegExp]>([
    ['a missing tensor', topk, { b_enc: undefined }, /there is no tensor b_enc, expected W_enc, W_dec, b_dec, b_enc/],
    ['a wrong shape', topk, { b_dec: vector(7) }, /b_dec has the shape \[7\], expected \[6\] \(d_in 6, d_sae 40\)/],
    ['data that does not fill its shape', topk, { b_dec: { ...vector(7), shape: [6] } }, /b_dec has 7 values/],
    ['a surplus tensor', topk, { threshold: vector(40) }, /unexpected tensors threshold: a topk dictionary/],
    ['NaN', topk, { b_enc: vector(40, NaN) }, /b_enc has 40 of 40 values that are NaN or infinite/],
    ['infinity', topk, { b_dec: vector(6, Infinity) }, /b_dec has 6 of 6/],
    ['k over the width', { ...topk, activation: { kind: 'topk', k: 41 } }, {}, /k is 41, but there are only 40/],
    ['k of zero', { ...topk, activation: { kind: 'topk', k: 0 } }, {}, /activation\.k/],
    ['an unknown key', { ...topk, d_model: 5 } as DictionaryConfigInput, {}, /d_model/],
    ['a skip without an output', { ...relu, skip: true }, {}, /there is no d_out/],
    ['a transcoder that applies b_dec', { ...relu, d_out: 6 }, {}, /apply_b_dec_to_input/],
  ])('%s', (_, config, changes, message) => {
    const tensors = { ...randomTensors(config.d_out || config.skip ? relu : topk), ...changes }
    const present = Object.entries(tensors).filter((entry): entry is [string, NamedTensor] => entry[1] !== undefined)
    const create = () => Dictionary.create(config, Object.fromEntries(present), 'some.file')
    expect(create).toThrow(message)
    expect(create).toThrow(/^some\.file: /)
  })

  it('an unknown activation, naming the nearest', () => {
    const config = { ...topk, activation: { kind: 'topc', k: 4 } } as unknown as DictionaryConfigInput
    expect(() => Dictionary.create(config, {})).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining('did you mean "topk"') as string }),
    )
  })
})
