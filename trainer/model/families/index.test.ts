/** The registry of model families, and stored configurations. */
import { describe, expect, it } from 'vitest'
import { hookShapes, parameterCount, parseModelConfig } from '.'

const sizes = {
  n_layers: 2,
  d_model: 8,
  n_heads: 2,
  n_kv_heads: 1,
  d_head: 4,
  d_mlp: 16,
  d_vocab: 10,
  n_ctx: 32,
  norm_eps: 1e-5,
  tied_embeddings: true,
}
const llama = { ...sizes, family: 'llama', rope_theta: 10_000, activation: 'silu' }
const gpt2 = { ...sizes, family: 'gpt2', n_kv_heads: 2, activation: 'gelu_tanh' }

describe('a stored configuration', () => {
  it('is parsed by its own family', () => {
    expect(parseModelConfig(llama)).toEqual(llama)
    expect(parseModelConfig(gpt2)).toEqual(gpt2)
    expect(() => parseModelConfig({ ...gpt2, rope_theta: 1 })).toThrow(/rope_theta/)
    expect(() => parseModelConfig({ ...llama, d_model: '8' })).toThrow(/d_model/)
    expect(() => parseModelConfig({ ...llama, family: 'lama' })).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining('did you mean "llama"') as string }),
    )
    expect(() => parseModelConfig(null)).toThrow(/stored configuration/)
  })

  it('says which hooks its model has, and how many weights', () => {
    expect(hookShapes(parseModelConfig(llama)).get('blocks.1.attn.hook_k')).toEqual([1, 4])
    expect(hookShapes(parseModelConfig(llama)).has('hook_pos_embed')).toBe(false)
    expect([...hookShapes(parseModelConfig(gpt2)).keys()].slice(0, 4)).toEqual([
      'hook_embed',
      'hook_pos_embed',
      'blocks.0.hook_resid_pre',
      'blocks.0.ln1.hook_normalized',
    ])
    const block = 4 * 8 * 8 + 2 * 8 * 16 + (3 * 8 + 8 + 16 + 8) + 4 * 8
    expect(parameterCount(parseModelConfig(gpt2))).toBe(10 * 8 + 32 * 8 + 2 * block + 2 * 8)
  })
})
