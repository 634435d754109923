/** The demo's model against what Hugging Face transformers computes from the same file. */
import * as tf from '@tensorflow/tfjs-core'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loupeCache } from '../../../../lib/base/config'
import { silentStage } from '../../../progress'
import { loadBackend } from '../../../tensors/backend'
import { cpuFeatures } from '../../../tensors/cpu'
import { generate, generateAll } from '../../generate/generate'
import { loadModel } from '../../load/loadModel'
import { resolveSource } from '../../load/source'
import { crossEntropy } from '../../runtime/loss'
import { relativeError, take } from '../../tiny.testing'
import type { HookedModel, LoupeTokenizer, RunResult } from '../../types'

interface GoldenPrompt {
  name: string
  text: string
  ids: number[]
  top20: { id: number; logit: number }[]
  logsumexp: number
  embed_last: number[]
  resid_post_norm: number[]
  resid_post: Record<string, number[]>
  ln_final: number[]
  hook_z: { layer: number; head0: number[]; last_head: number[] }
  hook_mlp_post: { layer: number; first8: number[] }
  hook_pattern: { layer: number; head0_last_query_first8: number[] }
  mean_ce: number
  ce_first8: number[]
  greedy20: { ids: number[]; text: string; margin: number[] }
}

const read = <T>(file: string) =>
  JSON.parse(readFileSync(new URL(`../../../../test/golden/model/${file}`, import.meta.url), 'utf8')) as T
const golden = read<{
  prompts: GoldenPrompt[]
  ce512: { ids: number[]; mean_ce: number; ce_first8: number[]; ce_last8: number[] }
}>('smollm2.json')
const tokenization = read<{ strings: string[]; smollm2: number[][] }>('tokenization.json')

let model: HookedModel
let tokenizer: LoupeTokenizer

beforeAll(async () => {
  await loadBackend('tensorflow')
  const path = await resolveSource('smollm2-135m-instruct', { cacheDir: loupeCache(), stage: silentStage() })
  const loaded = await loadModel(path)
  model = loaded.model
  tokenizer = loaded.tokenizer!
  expect(loaded.weightsHash).toBe('b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53')
})

afterAll(() => model.dispose())

const rowOf = (ids: readonly number[]) => ({ ids: Int32Array.from(ids), batch: 1, seq: ids.length })

describe.each(golden.prompts.map((prompt) => [prompt.name, prompt] as const))('SmolLM2 on "%s"', (_, prompt) => {
  const { resid_post, hook_z, hook_mlp_post, hook_pattern } = prompt
  let result: RunResult
  const hooks = new Map<string, Float32Array>()

  beforeAll(() => {
    const capture = model.hookNames.filter((name) => /embed|hook_resid_post|ln_final|blocks.15/.test(name))
    result = model.run(rowOf(prompt.ids), { capture, logits: 'last' })
    for (const [name, value] of result.captured) hooks.set(name, lastOf(name, value))
  })

  it('predicts what transformers predicts', () => {
    const logits = take(result.logits)
    for (const { id, logit } of prompt.top20) expect(Math.abs(logits[id]! - logit)).toBeLessThan(1e-3)
    expect(Math.abs(logSumExp(logits) - prompt.logsumexp)).toBeLessThan(1e-3)
  })

  it('holds the same at its hooks', () => {
    const near = (name: string, expected: readonly number[], from = 0) =>
      expect(relativeError(hooks.get(name)!.subarray(from, from + expected.length), expected), name).toBeLessThan(1e-4)
    near('hook_embed', prompt.embed_last)
    for (const [layer, values] of Object.entries(resid_post)) near(`blocks.${layer}.hook_resid_post`, values)
    for (const [layer, norm] of prompt.resid_post_norm.entries()) {
      const value = hooks.get(`blocks.${layer}.hook_resid_post`)!
      expect(Math.abs(Math.hypot(...value) / norm - 1), `norm after block ${layer}`).toBeLessThan(1e-4)
    }
    near('ln_final.hook_normalized', prompt.ln_final)
    near(`blocks.${hook_z.layer}.attn.hook_z`, hook_z.head0)
    near(`blocks.${hook_z.layer}.attn.hook_z`, hook_z.last_head, 8 * 64)
    near(`blocks.${hook_mlp_post.layer}.mlp.hook_post`, hook_mlp_post.first8)
    near(`blocks.${hook_pattern.layer}.attn.hook_pattern`, hook_pattern.head0_last_query_first8)
  })

  it('loses as much on the next token', () => {
    const losses = take(crossEntropy(model, rowOf(prompt.ids)))
    expect(Math.abs(mean(losses) - prompt.mean_ce)).toBeLessThan(1e-3)
    prompt.ce_first8.forEach((loss, i) => expect(Math.abs(losses[i]! - loss)).toBeLessThan(1e-3))
  })

  it('continues greedily as transformers does, where the choice is clear', async () => {
    const { ids, margin } = prompt.greedy20
    const sampling = { temperature: 0, topP: 1, maxTokens: 20, seed: 0 }
    const drawn: number[] = []
    for await (const { id } of generate(model, tokenizer, { prompts: [prompt.ids], sampling })) drawn.push(id)
    const unclear = margin.findIndex((gap) => gap <= 0.05)
    const expected = ids.slice(0, unclear < 0 ? ids.length : unclear)
    // Transformers was made to go on after the token that ends a text.
    expect(drawn.slice(0, expected.length)).toEqual(expected.slice(0, drawn.length))
    expect(drawn.length).toBe(drawn.at(-1) === tokenizer.specialIds.eos ? ids.indexOf(drawn.at(-1)!) + 1 : 20)
  })
})

describe('SmolLM2', () => {
  it('has the cross-entropy of transformers over 512 tokens, in chunks', () => {
    const { ids, mean_ce, ce_first8, ce_last8 } = golden.ce512
    const losses = take(crossEntropy(model, rowOf(ids)))
    expect(losses).toHaveLength(511)
    expect(Math.abs(mean(losses) - mean_ce)).toBeLessThan(1e-3)
    ce_first8.forEach((loss, i) => expect(Math.abs(losses[i]! - loss)).toBeLessThan(1e-3))
    ce_last8.forEach((loss, i) => expect(Math.abs(losses[511 - 8 + i]! - loss)).toBeLessThan(1e-3))
  })

  it.each(tokenization.strings.map((text, i) => [text, tokenization.smollm2[i]!] as const))(
    'tokenizes %j and puts it together again',
    (text, ids) => {
      expect(tokenizer.encode(text)).toEqual(ids)
      expect(tokenizer.decode(ids)).toBe(text)
    },
  )

  it('names its tokens, special ones, parts of characters and ids without a token', () => {
    expect([504, 260, 2, 198].map((id) => tokenizer.tokenText(id))).toEqual(['The', ' the', '<|im_end|>', '\n'])
    const parts = tokenizer.encode('🦙')
    expect(parts.length).toBeGreaterThan(1)
    for (const id of parts) expect(tokenizer.tokenText(id)).toContain('\ufffd')
    expect(tokenizer.tokenText(49_152)).toBe('<49152>')
  })

  it('writes a chat in its own template', () => {
    const chat = golden.prompts.find(({ name }) => name === 'chat')!
    const prompt = tokenizer.applyChatTemplate([{ role: 'user', content: 'What is the capital of France?' }])
    expect(prompt).toMatch(/^<\|im_start\|>system\n.*<\|im_end\|>\n<\|im_start\|>user\n.*<\|im_start\|>assistant\n$/s)
    expect(tokenizer.encode(prompt)).toEqual(chat.ids)
  })

  it.each([1, 23, 60])(
    'says the same in every row that sees the same %d tokens, bit for bit on AVX-512',
    async (length) => {
      const prompt = golden.ce512.ids.slice(0, length)
      const sampling = { temperature: 0.8, topP: 0.9, maxTokens: 12, seed: 7 }
      const edits = new Map([['blocks.9.hook_resid_post', (x: tf.Tensor) => tf.tidy(() => tf.add(x, tf.zerosLike(x)))]])
      const rows = await generateAll(model, tokenizer, { prompts: [prompt, prompt, prompt], sampling, edits })
      // Products of processors without AVX-512 round the rows at the edge of a block differently.
      const exact = cpuFeatures().includes('avx512f')
      for (const row of rows.slice(1)) {
        expect({ ...row, logprobs: [] }).toEqual({ ...rows[0]!, logprobs: [] })
        for (const [at, logprob] of row.logprobs.entries()) {
          if (exact) expect(logprob).toBe(rows[0]!.logprobs[at])
          else expect(Math.abs(logprob - rows[0]!.logprobs[at]!)).toBeLessThan(1e-4)
        }
      }
    },
  )
})

/** Values of the last position (of the last query's row of each head, for a pattern). */
function lastOf(name: string, value: tf.Tensor): Float32Array {
  const axis = name.endsWith('hook_pattern') ? 2 : 1
  const last = tf.tidy(() => tf.gather(value, [value.shape[axis]! - 1], axis))
  value.dispose()
  return take(last)
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function logSumExp(values: Float32Array): number {
  return Math.log(values.reduce((sum, value) => sum + Math.exp(value), 0))
}
