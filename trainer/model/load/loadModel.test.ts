import { copyFile, cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { LoupeError } from '../../errors'
import { loadBackend } from '../../tensors/backend'
import { encodeSafetensors, openSafetensors, type SafetensorsInput } from '../../tensors/safetensors'
import { llama } from '../families/llama'
import { relativeError, take, tinyGolden } from '../tiny.testing'
import { encodeGguf, type GgufTensorInput, type GgufValue } from './gguf.testing'
import { loadModel } from './loadModel'

const golden = tinyGolden('llama')
let folder: string
/** The golden's weights under their Hugging Face names. */
const weights: Record<string, SafetensorsInput> = {}

beforeAll(async () => {
  await loadBackend('tensorflow')
  const file = await openSafetensors(join(golden.folder, 'model.safetensors'))
  for (const [name, { shape }] of file.tensors) weights[name] = { shape, data: await file.read(name) }
  await file.close()
})

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loupe-model-'))
  return () => rm(folder, { recursive: true, force: true })
})

/** Loads, compares the logits with the golden's, and returns what identifies the model. */
async function expectGolden(path: string, tolerance = 1e-4) {
  const { model, weightsHash, tokenizer } = await loadModel(path)
  expect(relativeError(take(model.run(golden.tokens).logits), golden.io.read('logits'))).toBeLessThan(tolerance)
  model.dispose()
  return { weightsHash, tokenizer }
}

async function refusal(path: string): Promise<{ code: string; message: string; remedy: string | undefined }> {
  const error: unknown = await loadModel(path).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(LoupeError)
  const { code, message, remedy } = error as LoupeError
  return { code, message, remedy }
}

const sha256 = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex')

describe('a folder in Hugging Face layout', () => {
  const editConfig = async (change: Record<string, unknown>) => {
    await cp(golden.folder, folder, { recursive: true })
    const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as object
    await writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, ...change }))
  }

  it('loads without a tokenizer; its hash is that of the weights', async () => {
    const { weightsHash, tokenizer } = await expectGolden(golden.folder)
    expect(tokenizer).toBeUndefined()
    expect(weightsHash).toBe(await sha256(join(golden.folder, 'model.safetensors')))
  })

  it('loads from shards', async () => {
    await copyFile(join(golden.folder, 'config.json'), join(folder, 'config.json'))
    const names = Object.keys(weights)
    const map: Record<string, string> = {}
    for (const part of [0, 1]) {
      const inShard = names.filter((_, i) => i % 2 === part)
      const file = `model-0000${part + 1}-of-00002.safetensors`
      for (const name of inShard) map[name] = file
      await writeFile(
        join(folder, file),
        encodeSafetensors(Object.fromEntries(inShard.map((name) => [name, weights[name]!]))),
      )
    }
    await writeFile(join(folder, 'model.safetensors.index.json'), JSON.stringify({ metadata: {}, weight_map: map }))
    const { weightsHash } = await expectGolden(folder)
    await rm(join(folder, 'model-00002-of-00002.safetensors'))
    expect((await refusal(folder)).message).toContain('model-00002-of-00002.safetensors')
    expect(weightsHash).toMatch(/^[0-9a-f]{64}$/)
    await writeFile(
      join(folder, 'model.safetensors.index.json'),
      JSON.stringify({ weight_map: { a: '../x.safetensors' } }),
    )
    expect((await refusal(folder)).code).toBe('bad-input')
  })

  it('is refused by name when something is missing or wrong', async () => {
    expect(await refusal(join(folder, 'nowhere'))).toMatchObject({ code: 'not-found' })
    expect((await refusal(folder)).message).toContain('config.json')
    await writeFile(join(folder, 'config.json'), '{ "model_type": ')
    expect((await refusal(folder)).message).toContain('config.json is not JSON')
    await writeFile(join(folder, 'config.json'), '{ "architectures": [] }')
    expect((await refusal(folder)).message).toContain('model_type')
    await editConfig({ model_type: 'lama' })
    expect(await refusal(folder)).toMatchObject({
      code: 'not-found',
      remedy: expect.stringContaining('llama') as string,
    })
    await editConfig({ hidden_size: undefined })
    expect((await refusal(folder)).message).toContain('hidden_size')
    await editConfig({ rope_parameters: { rope_type: 'llama3', rope_theta: 1e4 } })
    expect(await refusal(folder)).toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('llama3') as string,
    })
    await editConfig({ attention_bias: true })
    expect(await refusal(folder)).toMatchObject({ code: 'unsupported' })
    await editConfig({ num_key_value_heads: 3 })
    expect((await refusal(folder)).message).toContain('4 heads cannot share 3')
    await editConfig({ intermediate_size: 65 })
    expect((await refusal(folder)).message).toMatch(/gate_proj.*\[64, 32\].*\[65, 32\]/)
    await editConfig({ num_hidden_layers: 4 })
    expect((await refusal(folder)).message).toMatch(/lacks 9 of 39 tensors: model\.layers\.3/)
    await editConfig({})
    await rm(join(folder, 'model.safetensors'))
    expect((await refusal(folder)).message).toContain('model.safetensors')
    await writeFile(join(folder, 'model.safetensors'), Buffer.from([0, 0, 0, 64, 0, 0, 0, 0, 123]))
    expect(await refusal(folder)).toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('1073741824') as string,
    })
  })

  it('is refused with the tokenizer of another model', async () => {
    await cp(golden.folder, folder, { recursive: true })
    const tokenizer = (size: number) => ({
      added_tokens: [],
      normalizer: null,
      pre_tokenizer: null,
      post_processor: null,
      decoder: { type: 'ByteLevel' },
      model: {
        type: 'BPE',
        vocab: Object.fromEntries(Array.from({ length: size }, (_, id) => [`t${id}`, id])),
        merges: [],
      },
    })
    for (const [size, fits] of [
      [300, false],
      [200, false],
      [257, true],
      [250, true],
    ] as const) {
      await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer(size)))
      if (fits) expect((await expectGolden(folder)).tokenizer!.vocabularySize).toBe(size)
      else
        expect(await refusal(folder)).toMatchObject({
          code: 'mismatch',
          message: expect.stringMatching(`${size}.*257`) as string,
        })
    }
    await writeFile(join(folder, 'tokenizer.json'), '{ "model": { "type": "Nonsense", "vocab": {} } }')
    expect((await refusal(folder)).code).toBe('bad-input')
  })
})

describe('a GGUF file', () => {
  const config = llama.configFromHuggingFace(
    {
      vocab_size: 257,
      hidden_size: 32,
      intermediate_size: 64,
      num_hidden_layers: 3,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      head_dim: 8,
    },
    'config.json',
  )
  const metadata: Record<string, GgufValue> = {
    'general.architecture': 'llama',
    'llama.block_count': 3,
    'llama.context_length': 64,
    'llama.embedding_length': 32,
    'llama.feed_forward_length': 64,
    'llama.attention.head_count': 4,
    'llama.attention.head_count_kv': 2,
    'llama.attention.layer_norm_rms_epsilon': 1.0001e-6,
    'llama.rope.freq_base': 10000.5,
    'llama.vocab_size': 257,
  }
  const bytesOf = (data: ArrayLike<number>) => new Uint8Array(Float32Array.from(data).buffer)

  /** As llama.cpp's converter writes it: heads of queries and keys interleaved. */
  function tensors(
    encode: (name: string, data: Float32Array) => Pick<GgufTensorInput, 'type' | 'bytes'>,
  ): GgufTensorInput[] {
    return llama.tensors(config).map(({ huggingFace, gguf, ggufInterleavedHeads: heads }) => {
      const { shape, data } = weights[huggingFace]!
      const values = heads ? interleave(data as Float32Array, heads, shape[1]!) : (data as Float32Array)
      return { name: gguf, shape, ...encode(gguf, values) }
    })
  }

  function interleave(data: Float32Array, heads: number, width: number): Float32Array {
    const result = new Float32Array(data.length)
    const half = data.length / width / heads / 2
    for (let head = 0; head < heads; head++) {
      for (let i = 0; i < half; i++) {
        for (const part of [0, 1]) {
          const from = (head * 2 * half + part * half + i) * width
          result.set(data.subarray(from, from + width), (head * 2 * half + 2 * i + part) * width)
        }
      }
    }
    return result
  }

  const asFloats = (_name: string, data: Float32Array) => ({ type: 0, bytes: bytesOf(data) })
  const write = async (bytes: Uint8Array) => {
    const path = join(folder, 'model.gguf')
    await writeFile(path, bytes)
    return path
  }

  it('loads with its queries and keys put back in order', async () => {
    const path = await write(encodeGguf(metadata, tensors(asFloats)))
    const { tokenizer, weightsHash } = await expectGolden(path)
    expect(tokenizer).toBeUndefined()
    expect(weightsHash).toBe(await sha256(path))
  })

  it('loads from half-precision and quantised tensors, as near as they are', async () => {
    const quantised = (_name: string, data: Float32Array) =>
      data.length % 32 === 0 ? toQ8(data) : { type: 0, bytes: bytesOf(data) }
    await expectGolden(await write(encodeGguf(metadata, tensors(quantised))), 2e-2)
  })

  it('is refused when truncated anywhere', async () => {
    const whole = encodeGguf(metadata, tensors(asFloats))
    const path = await write(whole)
    for (const size of [0, 3, 20, 200, 900, 2000, whole.length - 4096, whole.length - 40]) {
      await truncate(path, size)
      expect(await refusal(path), `${size} bytes`).toMatchObject({
        code: 'bad-input',
        message: expect.stringContaining('model.gguf') as string,
      })
      await write(whole)
    }
    await truncate(path, whole.length - 40)
    expect((await refusal(path)).message).toMatch(/truncated.*ends at byte/)
  })

  it('is refused by name for what it is or holds', async () => {
    expect((await refusal(await write(Buffer.from('not a model at all')))).message).toContain('GGUF')
    const gemma = { ...metadata, 'general.architecture': 'gemma9' }
    expect(await refusal(await write(encodeGguf(gemma, [])))).toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('gemma9') as string,
    })
    const sizeless = Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== 'llama.block_count'))
    expect((await refusal(await write(encodeGguf(sizeless, tensors(asFloats))))).message).toContain('llama.block_count')
    const wrongType = { ...metadata, 'llama.block_count': 'three' }
    expect((await refusal(await write(encodeGguf(wrongType, tensors(asFloats))))).message).toMatch(
      /block_count is string/,
    )
    const exotic = tensors((name, data) => ({ type: name.includes('ffn_up') ? 12 : 0, bytes: bytesOf(data) }))
    expect(await refusal(await write(encodeGguf(metadata, exotic)))).toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/blk\.0\.ffn_up\.weight.*Q4_K/) as string,
      remedy: expect.stringContaining('F32, F16, Q4_1, Q8_0') as string,
    })
    const scaled = { ...metadata, 'llama.rope.scaling.type': 'yarn' }
    expect((await refusal(await write(encodeGguf(scaled, tensors(asFloats))))).code).toBe('unsupported')
    expect((await refusal(await write(encodeGguf(metadata, tensors(asFloats).slice(0, -2))))).message).toMatch(
      /lacks 2 of 30/,
    )
    const sized = { ...metadata, 'llama.feed_forward_length': 128 }
    expect((await refusal(await write(encodeGguf(sized, tensors(asFloats))))).message).toMatch(
      /\[64, 32\].*\[128, 32\]/,
    )
  })

  it('is refused with the tokens of another model, or a tokenizer Loupe does not build', async () => {
    const tokens = (count: number) => ({
      ...metadata,
      'tokenizer.ggml.model': 'gpt2',
      'tokenizer.ggml.pre': 'smollm',
      'tokenizer.ggml.tokens': Array.from({ length: count }, (_, id) => `t${id}`),
      'tokenizer.ggml.token_type': new Array<number>(count).fill(1),
      'tokenizer.ggml.merges': ['t 1'],
    })
    const all = tensors(asFloats)
    expect(await refusal(await write(encodeGguf(tokens(300), all)))).toMatchObject({ code: 'mismatch' })
    const pre = { ...tokens(257), 'tokenizer.ggml.pre': 'smolm' }
    expect((await refusal(await write(encodeGguf(pre, all)))).remedy).toContain('smollm')
    const kind = { ...tokens(257), 'tokenizer.ggml.model': 'bert' }
    expect((await refusal(await write(encodeGguf(kind, all)))).message).toContain('bert')
  })
})

/** Q8_0, rounded to the nearest step of each block of 32. */
function toQ8(data: Float32Array): { type: number; bytes: Uint8Array } {
  const bytes = new Uint8Array((data.length / 32) * 34)
  const view = new DataView(bytes.buffer)
  for (let block = 0; block < data.length / 32; block++) {
    const values = data.subarray(block * 32, block * 32 + 32)
    // A power of two is exact in half precision.
    const exponent = Math.ceil(Math.log2(Math.max(...values.map(Math.abs), 1e-6) / 127))
    view.setUint16(block * 34, (exponent + 15) << 10, true)
    values.forEach((value, i) => view.setInt8(block * 34 + 2 + i, Math.round(value / 2 ** exponent)))
  }
  return { type: 8, bytes }
}
