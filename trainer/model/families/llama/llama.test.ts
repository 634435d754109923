import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LoupeError } from '../../../errors'
import { loadBackend, type BackendName } from '../../../tensors/backend'
import { createRandom } from '../../../tensors/random'
import { generateAll } from '../../generate/generate'
import { modelKernels } from '../../runtime/kernels'
import { plainKernels } from '../../runtime/kernels/plain'
import { llama } from '.'
import type { LlamaConfig } from './config'
import { LlamaBlocks } from './forward'
import { readLlamaWeights, type LlamaWeights } from './weights'
import { openModelFolder } from '../../load/folder'
import { loadModel } from '../../load/loadModel'
import { relativeError, take, tinyGolden } from '../../tiny.testing'
import { Transformer } from '../../runtime/transformer'
import type { HookedModel } from '../../types'
import { sizeOf } from '../../../tensors/arrays'

const golden = tinyGolden('llama')
const { tokens } = golden
const { batch, seq } = tokens

// TensorFlow comes last: loading it makes it the default for good.
describe.each<BackendName>(['cpu', 'wasm', 'tensorflow'])('a tiny llama on %s', (backend) => {
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
    const layers = Array.from({ length: model.config.n_layers }, (_, layer) => layer)
    const capture = layers.flatMap((layer) => [`blocks.${layer}.hook_resid_post`, `blocks.${layer}.attn.hook_z`])
    const { logits, captured } = model.run(tokens, { capture })
    expect(relativeError(take(logits), golden.io.read('logits'))).toBeLessThan(1e-4)
    for (const layer of layers) {
      for (const hook of ['hook_resid_post', 'attn.hook_z']) {
        const expected = golden.io.read(`blocks.${layer}.${hook === 'attn.hook_z' ? 'attn.hook_z_flat' : hook}`)
        expect(relativeError(take(captured.get(`blocks.${layer}.${hook}`)), expected)).toBeLessThan(1e-4)
      }
    }
  })

  it.each([1, 2, 4])('computes the same with a cache for %d rows, in one step or many', (rows) => {
    // Few rows go through the flat product of a single position, more through the stacked one.
    const all = Int32Array.from({ length: rows * seq }, (_, i) => tokens.ids[i % tokens.ids.length]!)
    const whole = take(model.run({ ids: all, batch: rows, seq }).logits)
    const cache = model.newCache(rows)
    const parts = [5, 1, 1, 7, 1, 9].map((length) => {
      const from = cache.length
      const ids = all.filter((_, i) => i % seq >= from && i % seq < from + length)
      return model.run({ ids, batch: rows, seq: length }, { cache }).logits!
    })
    expect(cache.length).toBe(seq)
    const joined = tf.concat(parts, 1)
    tf.dispose(parts)
    expect(relativeError(take(joined), whole)).toBeLessThan(1e-5)
    cache.dispose()
  })

  it('continues greedily as transformers does', async () => {
    const sampling = { temperature: 0, topP: 1, maxTokens: golden.greedy.length, seed: 0 }
    const [row] = await generateAll(model, undefined, { prompts: [golden.prompt], sampling })
    expect(row!.ids).toEqual(golden.greedy)
  })

  it('keeps a cache right when its buffers grow', async () => {
    const wide = await tinyLlama((config) => ({ ...config, n_ctx: 200 }))
    const random = createRandom('long')
    const ids = Int32Array.from({ length: 130 }, () => random.int(wide.config.d_vocab))
    const whole = take(wide.run({ ids, batch: 1, seq: 130 }, { logits: 'last' }).logits)
    const cache = wide.newCache(1)
    wide.run({ ids: ids.slice(0, 60), batch: 1, seq: 60 }, { cache, logits: 'none' })
    const single = (i: number) => ({ ids: ids.slice(i, i + 1), batch: 1, seq: 1 })
    for (let i = 60; i < 129; i++) wide.run(single(i), { cache, logits: 'none' })
    const { logits, captured } = wide.run(
      { ids: ids.slice(129), batch: 1, seq: 1 },
      { cache, logits: 'last', capture: ['blocks.1.attn.hook_pattern'] },
    )
    expect(relativeError(take(logits), whole)).toBeLessThan(1e-5)
    // The room that the cache keeps for further positions does not show.
    const pattern = captured.get('blocks.1.attn.hook_pattern')!
    expect(pattern.shape).toEqual([1, 4, 1, 130])
    expect(relativeError(take(tf.sum(pattern, -1)), [1, 1, 1, 1])).toBeLessThan(1e-6)
    pattern.dispose()
    cache.dispose()
    wide.dispose()
  })

  it('shows every hook in its shape, and edits that change nothing change no bit', () => {
    const plain = model.run(tokens, { capture: model.hookNames })
    const logits = take(plain.logits)
    for (const [name, value] of plain.captured) {
      const pattern = name.endsWith('hook_pattern')
      const shape = pattern ? [batch, ...model.hookShape(name), seq, seq] : [batch, seq, ...model.hookShape(name)]
      expect(value.shape, name).toEqual(shape)
      if (pattern)
        expect(relativeError(take(tf.sum(value, -1)), new Float32Array(batch * 4 * seq).fill(1))).toBeLessThan(1e-6)
      value.dispose()
    }
    const nothing = (x: Tensor) => tf.add(x, 0)
    const edited = model.run(tokens, { edits: new Map(model.hookNames.map((name) => [name, nothing])) })
    expect(take(edited.logits)).toEqual(logits)
  })

  it('lets an edit flow on, by row, and shows it at its own hook', () => {
    const before = take(model.run(tokens).logits)
    for (const name of model.hookNames.filter((hook) => !/^blocks\.[02]\./.test(hook))) {
      const axes = name.endsWith('hook_pattern') ? 3 : model.hookShape(name).length + 1
      const second = tf.tensor([0, 1], [batch, ...new Array<number>(axes).fill(1)])
      const edits = new Map([[name, (x: Tensor) => tf.tidy(() => tf.add(x, second))]])
      const clean = model.run(tokens, { capture: [name], logits: 'none' }).captured.get(name)
      const { logits, captured } = model.run(tokens, { capture: [name], edits })
      const shifted = tf.tidy(() => tf.add(clean!, second))
      expect(relativeError(take(captured.get(name)), take(shifted)), name).toBeLessThan(1e-6)
      const after = take(logits)
      const half = before.length / batch
      expect(after.subarray(0, half), name).toEqual(before.subarray(0, half))
      expect(relativeError(after.subarray(half), before.subarray(half)), name).toBeGreaterThan(1e-4)
      tf.dispose([clean!, second])
    }
  })

  it('computes nothing after the hook it stops at', async () => {
    // The last block's weights are gone: whatever touches them fails.
    const crippled = await tinyLlama(
      (config) => config,
      ({ blocks }) => tf.dispose(Object.values(blocks.at(-1)!) as Tensor[]),
    )
    const hook = 'blocks.1.hook_resid_post'
    const { captured, logits } = crippled.run(tokens, { capture: [hook], stopAt: hook })
    expect(logits).toBeUndefined()
    expect(relativeError(take(captured.get(hook)), golden.io.read(hook))).toBeLessThan(1e-4)
    expect(() => crippled.run(tokens, { capture: [hook] })).toThrow()
    crippled.dispose()
  })

  it('refuses hooks, ids and lengths it does not have', () => {
    expect(() => model.run(tokens, { capture: ['blocks.1.hook_resid_pots'] })).toThrow(
      expect.objectContaining({
        code: 'not-found',
        remedy: expect.stringContaining('blocks.1.hook_resid_post') as string,
      }),
    )
    expect(() => model.run(tokens, { stopAt: 'blocks.3.hook_resid_pre' })).toThrow(LoupeError)
    expect(() => model.hookShape('hook_pos_embed')).toThrow(LoupeError)
    const ids = (...values: number[]) => ({ ids: Int32Array.from(values), batch: 1, seq: values.length })
    expect(() => model.run(ids(1, 257))).toThrow(/257.*vocabulary/)
    expect(() => model.run(ids(-1))).toThrow(LoupeError)
    expect(() => model.run(ids())).toThrow(LoupeError)
    expect(() => model.run(ids(...new Array<number>(65).fill(1)))).toThrow(/65 tokens.*64/)
    expect(() => model.run(tokens, { edits: new Map([['hook_embed', () => tf.zeros([3])]]) })).toThrow(LoupeError)
  })

  it('frees everything, also when an edit fails or a run is part of a tidy', () => {
    const before = tf.memory().numTensors
    const fails = () => {
      throw new Error('edit')
    }
    expect(() =>
      model.run(tokens, { capture: ['hook_embed'], edits: new Map([['blocks.1.hook_mlp_out', fails]]) }),
    ).toThrow('edit')
    tf.tidy(() => void model.run(tokens, { capture: model.hookNames }))
    take(model.run(tokens, { logits: 'last' }).logits)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('has kernels that do what the plain ones do', () => {
    const sizes = { n_heads: 3, n_kv_heads: 2, d_head: 8, norm_eps: 1e-3 }
    const [fast, plain] = [modelKernels(sizes), plainKernels(sizes)]
    const random = createRandom('kernels')
    const normal = (...shape: number[]) =>
      tf.tensor(
        Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
        shape,
      )
    const compare = (name: string, run: (kernels: typeof fast) => Tensor) =>
      expect(relativeError(take(tf.tidy(() => run(fast))), take(tf.tidy(() => run(plain)))), name).toBeLessThan(1e-6)
    const [x, weight, gate] = [normal(6, 10), normal(4, 10), normal(6, 10)]
    const [heads, cos, sin] = [normal(2, 3, 5, 8), normal(3, 1, 8), normal(3, 1, 8)]
    compare('linear', ({ linear }) => linear(x, weight))
    compare('product', ({ product }) =>
      product(
        weight,
        tf.tidy(() => tf.transpose(x)),
      ),
    )
    compare('softmax', ({ softmax }) => softmax(heads))
    compare('rmsNormalise', ({ rmsNormalise }) => rmsNormalise(x))
    compare('rotate', ({ rotate }) => rotate(heads, cos, sin))
    for (const part of [0, 1] as const) compare('splitHeads', ({ splitHeads }) => splitHeads(heads)[part])
    compare('gatedSilu', ({ gatedSilu }) => gatedSilu(gate, x))
    compare('placeRows', ({ placeRows }) => {
      const at = tf.tensor1d([1, 4], 'int32')
      const [rows, zeros] = [tf.slice(gate, [0, 0], [2, 10]), tf.zeros([6, 10])]
      const placed = placeRows(zeros, at, rows)
      tf.dispose([at, rows])
      return placed
    })
    tf.dispose([x, weight, gate, heads, cos, sin])
    fast.dispose()
  })
})

/** The golden model with another config, or with its weights tampered with. */
async function tinyLlama(
  change: (config: LlamaConfig) => LlamaConfig,
  tamper: (weights: LlamaWeights) => void = () => undefined,
): Promise<HookedModel> {
  const folder = await openModelFolder(golden.folder)
  const config = change(llama.configFromHuggingFace(folder.config, 'config.json'))
  const weights = await readLlamaWeights(config, folder.weights(llama.tensors(config)))
  await folder.close()
  tamper(weights)
  const kernels = modelKernels(config)
  return new Transformer(config, llama.hookShapes(config), new LlamaBlocks(config, weights, kernels), kernels)
}
