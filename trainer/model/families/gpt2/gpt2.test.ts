/** GPT-2 against transformers, in every file format, and with what the rest of Loupe does with a model. */
import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { logitEffects } from '../../../dashboards/logits'
import { harvestContexts } from '../../../harvest/activations'
import { parseIntervention } from '../../../steering/intervention'
import { steer } from '../../../steering/steer'
import { tinyDictionary, tinyModel } from '../../../steering/tiny.testing'
import { loadBackend, type BackendName } from '../../../tensors/backend'
import { createRandom } from '../../../tensors/random'
import { encodeSafetensors, openSafetensors, type SafetensorsInput } from '../../../tensors/safetensors'
import { generateAll } from '../../generate/generate'
import { encodeGguf, type GgufTensorInput, type GgufValue } from '../../load/gguf.testing'
import { loadModel } from '../../load/loadModel'
import { relativeError, take, tinyGolden } from '../../tiny.testing'
import type { HookedModel } from '../../types'
import { gpt2 } from '.'

const golden = tinyGolden('gpt2')
const { tokens } = golden
const { batch, seq } = tokens

// TensorFlow comes last: loading it makes it the default for good.
describe.each<BackendName>(['cpu', 'wasm', 'tensorflow'])('a tiny gpt2 on %s', (backend) => {
  let model: HookedModel
  let tensorsBefore: number

  beforeAll(async () => {
    await loadBackend(backend)
    tensorsBefore = tf.memory().numTensors
    model = (await loadModel(golden.folder)).model
  })

  afterAll(() => {
    model.dispose()
    expect(tf.memory().numTensors).toBe(tensorsBefore)
  })

  it('agrees with transformers in logits and hooks', () => {
    const layers = [0, 1, 2].map((layer) => `blocks.${layer}`)
    const capture = layers.flatMap((block) => [`${block}.hook_resid_post`, `${block}.attn.hook_z`])
    const { logits, captured } = model.run(tokens, { capture })
    expect(relativeError(take(logits), golden.io.read('logits'))).toBeLessThan(1e-4)
    for (const block of layers) {
      const [residual, z] = [`${block}.hook_resid_post`, `${block}.attn.hook_z`]
      expect(relativeError(take(captured.get(residual)), golden.io.read(residual))).toBeLessThan(1e-4)
      expect(relativeError(take(captured.get(z)), golden.io.read(`${z}_flat`))).toBeLessThan(1e-4)
    }
  })

  it.each([1, 2, 4])('computes the same with a cache for %d rows, in one step or many', (rows) => {
    const all = Int32Array.from({ length: rows * seq }, (_, i) => tokens.ids[i % tokens.ids.length]!)
    const whole = take(model.run({ ids: all, batch: rows, seq }).logits)
    const cache = model.newCache(rows)
    const parts = [5, 1, 1, 7, 1, 9].map((length) => {
      const from = cache.length
      const ids = all.filter((_, i) => i % seq >= from && i % seq < from + length)
      return model.run({ ids, batch: rows, seq: length }, { cache }).logits!
    })
    const joined = tf.concat(parts, 1)
    tf.dispose(parts)
    expect(relativeError(take(joined), whole)).toBeLessThan(1e-5)
    cache.dispose()
  })

  it('continues greedily as transformers does, and no further than its learned positions', async () => {
    const greedy = { temperature: 0, topP: 1, seed: 0 }
    const sampling = { ...greedy, maxTokens: golden.greedy.length }
    const [row] = await generateAll(model, undefined, { prompts: [golden.prompt], sampling })
    expect(row!.ids).toEqual(golden.greedy)
    const { n_ctx } = model.config
    const long = { prompts: [golden.prompt], sampling: { ...greedy, maxTokens: 1000 } }
    const [whole] = await generateAll(model, undefined, long)
    expect(whole!.ids).toHaveLength(n_ctx - golden.prompt.length + 1)
    const ids = new Int32Array(n_ctx + 1)
    expect(() => model.run({ ids, batch: 1, seq: n_ctx + 1 })).toThrow(/65 tokens.*64/)
  })

  it('shows every hook in its shape, and edits that change nothing change no bit', () => {
    const plain = model.run(tokens, { capture: model.hookNames })
    const logits = take(plain.logits)
    for (const [name, value] of plain.captured) {
      const positions = name.endsWith('hook_pattern')
        ? [...model.hookShape(name), seq, seq]
        : [seq, ...model.hookShape(name)]
      expect(value.shape, name).toEqual([batch, ...positions])
      value.dispose()
    }
    const nothing = (x: Tensor) => tf.add(x, 0)
    const edited = model.run(tokens, { edits: new Map(model.hookNames.map((name) => [name, nothing])) })
    expect(take(edited.logits)).toEqual(logits)
  })

  it('adds token and position embeddings, and normalises as LayerNorm does', () => {
    const block = 'blocks.1.hook_resid_pre'
    const names = ['hook_embed', 'hook_pos_embed', 'blocks.0.hook_resid_pre', block, 'blocks.1.ln1.hook_normalized']
    const { captured } = model.run(tokens, { capture: names, logits: 'none' })
    const [embedded, positions, first, residual, normalised] = names.map((name) => take(captured.get(name)))
    expect(embedded!.map((value, i) => value + positions![i]!)).toEqual(first)
    const { d_model, norm_eps } = model.config
    const expected = new Float32Array(residual!.length)
    for (let from = 0; from < expected.length; from += d_model) {
      const row = residual!.subarray(from, from + d_model)
      const mean = row.reduce((sum, value) => sum + value, 0) / d_model
      const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / d_model
      row.forEach((value, i) => (expected[from + i] = (value - mean) / Math.sqrt(variance + norm_eps)))
    }
    expect(relativeError(normalised!, expected)).toBeLessThan(1e-5)
  })
})

describe('a tiny gpt2 in the rest of Loupe', () => {
  let model: HookedModel
  beforeAll(async () => {
    await loadBackend('tensorflow')
    model = (await loadModel(golden.folder)).model
  })
  afterAll(() => model.dispose())

  const targets = Int32Array.from(tokens.ids, (_, at) => (at % seq < seq - 1 ? tokens.ids[at + 1]! : -1))

  it('has the gradients that the loss changes by, at every kind of hook', () => {
    const random = createRandom('directions')
    const inner = gpt2Hooks(model).filter((name) => !name.endsWith('hook_pattern'))
    for (const hook of [
      'hook_embed',
      'hook_pos_embed',
      ...inner,
      'blocks.2.mlp.hook_pre',
      'ln_final.hook_normalized',
    ]) {
      const { captured, gradient: tensor, loss } = model.lossGradient(tokens, { hook, targets })
      const [x, gradient] = [take(captured.get(hook)), take(tensor)]
      expect(loss).toBeCloseTo(lossOf(take(model.run(tokens).logits)), 3)
      const length = norm(gradient)
      const direction = gradient.map((value) => value / length + random.normal() / Math.sqrt(x.length))
      const epsilon = (0.01 * norm(x)) / norm(direction)
      const lossAt = (sign: number) => {
        const moved = x.map((value, i) => value + sign * epsilon * direction[i]!)
        const edits = new Map([[hook, (value: Tensor) => tf.tensor(moved, value.shape)]])
        return lossOf(take(model.run(tokens, { edits }).logits))
      }
      const measured = (lossAt(1) - lossAt(-1)) / (2 * epsilon)
      const expected = gradient.reduce((sum, value, i) => sum + value * direction[i]!, 0)
      expect(Math.abs(measured / expected - 1), `${hook}: ${measured}, expected ${expected}`).toBeLessThan(1e-2)
    }
  })

  it('is harvested with gradients, and its activations go through a dictionary and back', () => {
    const hook = 'blocks.0.hook_resid_post'
    const { activations, gradient } = harvestContexts(model, { hook, gradients: true }, tokens.ids, seq)
    expect(relativeError(activations, golden.io.read(hook))).toBeLessThan(1e-4)
    expect(gradient!.some((value) => value !== 0)).toBe(true)
    const dictionary = tinyDictionary()
    const decoded = tf.tidy(() => {
      const codes = dictionary.encode(tf.tensor2d(activations, [batch * seq, 32]))
      return dictionary.decode(codes)
    })
    const steered = model.run(tokens, { edits: new Map([[hook, (value) => tf.reshape(decoded, value.shape)]]) })
    expect(take(steered.logits).every(Number.isFinite)).toBe(true)
    dictionary.dispose()
    decoded.dispose()
  })

  it('is steered: an edit that adds nothing changes no bit, one that adds a direction changes the answer', async () => {
    const loaded = await tinyModel('gpt2')
    const dictionary = tinyDictionary()
    const answersWith = async (strength: number, maxTokens = 12) => {
      const edits = [{ dictionary: 'd', feature: 5, mode: 'add', strength }]
      const sampling = { temperature: 0.8, maxTokens, seed: 3 }
      const intervention = parseIntervention({ model: 'tiny', prompt: 'abcde', edits, sampling }, 'test')
      const resolve = () => Promise.resolve({ dictionary, hook: 'blocks.1.hook_resid_post' })
      const { answers } = await steer(loaded, resolve, intervention)
      return Object.fromEntries(answers.map(({ branch, ids, finish }) => [branch, { ids, finish }]))
    }
    const unchanged = await answersWith(0)
    expect(unchanged['default']!.ids).toHaveLength(12)
    expect(unchanged['steered']).toEqual(unchanged['default'])
    const changed = await answersWith(40)
    expect(changed['default']).toEqual(unchanged['default'])
    expect(changed['steered']).not.toEqual(changed['default'])
    // The answer ends with the learned positions; the last token needs none.
    const { steered } = await answersWith(40, 1000)
    expect(steered).toMatchObject({ finish: 'length' })
    expect(steered!.ids).toHaveLength(loaded.model.config.n_ctx - 'abcde'.length + 1)
    loaded.model.dispose()
    dictionary.dispose()
  })

  it('has the direct effects of centred directions: gain included, scale and bias left out', async () => {
    const { d_model, d_vocab } = model.config
    const random = createRandom('direct')
    const direction = Float32Array.from({ length: d_model }, () => random.normal())
    const rows = tf.tensor2d(direction, [1, d_model])
    const [effects] = logitEffects(model, 'blocks.1.hook_resid_post', rows)
    rows.dispose()
    await using file = await openSafetensors(join(golden.folder, 'model.safetensors'))
    const gain = await file.read('transformer.ln_f.weight')
    const embedding = await file.read('transformer.wte.weight')
    const mean = direction.reduce((sum, value) => sum + value, 0) / d_model
    const logits = Array.from({ length: d_vocab }, (_, token) =>
      direction.reduce((sum, value, i) => sum + (value - mean) * gain[i]! * embedding[token * d_model + i]!, 0),
    )
    const ranked = [...logits.keys()].sort((a, b) => logits[b]! - logits[a]!)
    expect(effects!.top.map(({ token }) => token)).toEqual(ranked.slice(0, 20))
    for (const { token, logit } of [...effects!.top, ...effects!.bottom]) expect(logit).toBeCloseTo(logits[token]!, 4)
  })
})

describe('files of gpt2', () => {
  let folder: string
  const weights: Record<string, SafetensorsInput> = {}
  beforeAll(async () => {
    await loadBackend('tensorflow')
    await using file = await openSafetensors(join(golden.folder, 'model.safetensors'))
    for (const [name, { shape }] of file.tensors) weights[name] = { shape, data: await file.read(name) }
  })
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loupe-gpt2-'))
    return () => rm(folder, { recursive: true, force: true })
  })

  async function expectGolden(path: string) {
    const { model, tokenizer } = await loadModel(path)
    expect(relativeError(take(model.run(tokens).logits), golden.io.read('logits'))).toBeLessThan(1e-4)
    model.dispose()
    return tokenizer
  }

  const readConfig = async () => JSON.parse(await readFile(join(golden.folder, 'config.json'), 'utf8')) as object

  it('load without the prefix "transformer." and with the buffers of old files', async () => {
    await cp(golden.folder, folder, { recursive: true })
    const bare = Object.entries(weights).map(([name, tensor]) => [name.replace('transformer.', ''), tensor] as const)
    const buffer = { shape: [1, 1, 2, 2], data: Float32Array.of(1, 0, 1, 1) }
    await writeFile(
      join(folder, 'model.safetensors'),
      encodeSafetensors({ ...Object.fromEntries(bare), 'h.0.attn.bias': buffer }),
    )
    expect(await expectGolden(folder)).toBeUndefined()
  })

  it('load with a head that is not tied to the embedding', async () => {
    await cp(golden.folder, folder, { recursive: true })
    await writeFile(
      join(folder, 'config.json'),
      JSON.stringify({ ...(await readConfig()), tie_word_embeddings: false }),
    )
    const head = weights['transformer.wte.weight']!
    const twice = { shape: head.shape, data: (head.data as Float32Array).map((value) => 2 * value) }
    await writeFile(join(folder, 'model.safetensors'), encodeSafetensors({ ...weights, 'lm_head.weight': twice }))
    const { model } = await loadModel(folder)
    const expected = golden.io.read('logits').map((value) => 2 * value)
    expect(relativeError(take(model.run(tokens).logits), expected)).toBeLessThan(1e-4)
    model.dispose()
  })

  it('are refused by name for settings that change the computation', async () => {
    await cp(golden.folder, folder, { recursive: true })
    for (const change of [
      { activation_function: 'relu' },
      { scale_attn_by_inverse_layer_idx: true },
      { scale_attn_weights: false },
      { add_cross_attention: true },
    ]) {
      await writeFile(join(folder, 'config.json'), JSON.stringify({ ...(await readConfig()), ...change }))
      const [key] = Object.keys(change)
      await expect(loadModel(folder)).rejects.toMatchObject({
        code: 'unsupported',
        message: expect.stringContaining(key!) as string,
      })
    }
  })

  it('have the settings of their config.json, or the defaults of the format', async () => {
    const settings = (change: object) => gpt2.configFromHuggingFace({ ...json, ...change }, 'config.json')
    const json = await readConfig()
    expect(settings({ n_inner: 48 }).d_mlp).toBe(48)
    expect(settings({ n_inner: null }).d_mlp).toBe(4 * 32)
    expect(settings({ layer_norm_epsilon: 1e-3 }).norm_eps).toBe(1e-3)
    expect(settings({ layer_norm_epsilon: undefined, n_positions: undefined })).toMatchObject({
      norm_eps: 1e-5,
      n_ctx: 1024,
    })
    expect(settings({ activation_function: undefined }).activation).toBe('gelu_tanh')
    // It decides in what order and precision transformers computes; this family computes in float32 anyway.
    expect(settings({ reorder_and_upcast_attn: true })).toEqual(settings({}))
    expect(() => settings({ n_head: 5 })).toThrow(/5 heads do not divide a width of 32/)
    expect(() => settings({ n_embd: undefined })).toThrow(/n_embd/)
  })

  const bytes = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte < 128 ? byte + 256 : byte))
  const metadata: Record<string, GgufValue> = {
    'general.architecture': 'gpt2',
    'gpt2.block_count': 3,
    'gpt2.context_length': 64,
    'gpt2.embedding_length': 32,
    'gpt2.feed_forward_length': 128,
    'gpt2.attention.head_count': 4,
    'gpt2.attention.layer_norm_epsilon': 1e-5,
    'gpt2.vocab_size': 257,
    'tokenizer.ggml.model': 'gpt2',
    'tokenizer.ggml.pre': 'gpt-2',
    'tokenizer.ggml.tokens': [...bytes.slice(0, 97), 'a', 'b', ...bytes.slice(99), 'ab'],
    'tokenizer.ggml.token_type': new Array<number>(257).fill(1),
    'tokenizer.ggml.merges': ['a b'],
  }

  /** As llama.cpp's converter writes it: matrices as `[out, in]`. */
  async function ggufTensors(): Promise<GgufTensorInput[]> {
    const config = gpt2.configFromHuggingFace(await readConfig(), 'config.json')
    return gpt2.tensors(config).map(({ huggingFace, huggingFaceTransposed, gguf, shape }) => {
      const data = weights[huggingFace]!.data as Float32Array
      const values = huggingFaceTransposed ? transposed(data, shape[1]!, shape[0]!) : data
      return { name: gguf, shape, type: 0, bytes: new Uint8Array(Float32Array.from(values).buffer) }
    })
  }

  it('load from GGUF, with their tokenizer', async () => {
    const path = join(folder, 'model.gguf')
    await writeFile(path, encodeGguf(metadata, await ggufTensors()))
    const tokenizer = await expectGolden(path)
    expect(tokenizer!.encode('abba')).toEqual([256, 98, 97])
    expect(tokenizer!.decode([256, 98, 97])).toBe('abba')
  })

  it('load from GGUF with a head that is not tied', async () => {
    const tensors = await ggufTensors()
    const embedding = weights['transformer.wte.weight']!
    const twice = Float32Array.from(embedding.data as Float32Array, (value) => 2 * value)
    const head = { name: 'output.weight', shape: embedding.shape, type: 0, bytes: new Uint8Array(twice.buffer) }
    const path = join(folder, 'model.gguf')
    await writeFile(path, encodeGguf(metadata, [...tensors, head]))
    const { model } = await loadModel(path)
    const expected = golden.io.read('logits').map((value) => 2 * value)
    expect(relativeError(take(model.run(tokens).logits), expected)).toBeLessThan(1e-4)
    model.dispose()
    await writeFile(path, encodeGguf(metadata, tensors.slice(0, -1)))
    await expect(loadModel(path)).rejects.toThrow(/lacks 1 of 40 tensors: blk.2.ffn_down.bias/)
  })
})

/** The hooks of the middle block. */
function gpt2Hooks({ hookNames }: HookedModel): string[] {
  return hookNames.filter((name) => name.startsWith('blocks.1.'))
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  return Float32Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!)
}

/** Summed cross-entropy of the next tokens, in double precision. */
function lossOf(logits: Float32Array): number {
  const width = logits.length / (batch * seq)
  let loss = 0
  for (let row = 0; row < batch * seq; row++) {
    if (row % seq === seq - 1) continue
    const values = logits.subarray(row * width, (row + 1) * width)
    const peak = values.reduce((a, b) => Math.max(a, b))
    loss +=
      peak - values[tokens.ids[row + 1]!]! + Math.log(values.reduce((sum, value) => sum + Math.exp(value - peak), 0))
  }
  return loss
}

function norm(x: Float32Array): number {
  return Math.sqrt(x.reduce((sum, value) => sum + value * value, 0))
}
