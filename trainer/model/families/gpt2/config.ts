/** GPT-2's configuration: read from a Hugging Face config.json or the metadata of a GGUF file, and as Loupe stores it. */
import { z } from 'zod'
import { LoupeError } from '../../../errors'
import { ModelConfig } from '../../types'
import type { GgufMetadata } from '../family'

export const Gpt2Config = z.strictObject({
  ...ModelConfig.shape,
  family: z.literal('gpt2'),
  activation: z.literal('gelu_tanh'),
})
export type Gpt2Config = z.output<typeof Gpt2Config>

const count = z.int().positive()

/** The keys of a config.json that change the computation. Defaults are those of the format. */
const huggingFaceSchema = z.object({
  vocab_size: count,
  n_positions: count.default(1024),
  n_embd: count,
  n_layer: count,
  n_head: count,
  n_inner: count.nullish(),
  activation_function: z.string().default('gelu_new'),
  layer_norm_epsilon: z.number().positive().default(1e-5),
  tie_word_embeddings: z.boolean().default(true),
  scale_attn_weights: z.boolean().default(true),
  scale_attn_by_inverse_layer_idx: z.boolean().default(false),
  add_cross_attention: z.boolean().default(false),
})

/** Hugging Face's names of the tanh approximation of GELU. */
const GELU_TANH = ['gelu_new', 'gelu_pytorch_tanh']

/** @throws LoupeError naming the key that is missing, wrong or not supported */
export function gpt2ConfigFromHuggingFace(json: unknown, source: string): Gpt2Config {
  const parsed = huggingFaceSchema.safeParse(json)
  if (!parsed.success) {
    throw new LoupeError('bad-input', `${source}: ${z.prettifyError(parsed.error)}`, {
      remedy: 'use the config.json of the same folder as the weights',
    })
  }
  const config = parsed.data
  if (!GELU_TANH.includes(config.activation_function)) {
    throw unsupported(source, `activation_function "${config.activation_function}"`)
  }
  if (!config.scale_attn_weights) throw unsupported(source, 'attention without scale_attn_weights')
  if (config.scale_attn_by_inverse_layer_idx) throw unsupported(source, 'scale_attn_by_inverse_layer_idx')
  if (config.add_cross_attention) throw unsupported(source, 'add_cross_attention')
  return complete(source, {
    n_layers: config.n_layer,
    d_model: config.n_embd,
    n_heads: config.n_head,
    d_mlp: config.n_inner ?? 4 * config.n_embd,
    d_vocab: config.vocab_size,
    n_ctx: config.n_positions,
    norm_eps: config.layer_norm_epsilon,
    tied_embeddings: config.tie_word_embeddings,
  })
}

/** @throws LoupeError naming the key that is missing or wrong */
export function gpt2ConfigFromGguf(metadata: GgufMetadata, tensorNames: ReadonlySet<string>): Gpt2Config {
  const number = (key: string, fallback?: number) => metadata.number(`gpt2.${key}`, fallback)
  return complete(metadata.source, {
    n_layers: number('block_count'),
    d_model: number('embedding_length'),
    n_heads: number('attention.head_count'),
    d_mlp: number('feed_forward_length'),
    d_vocab: metadata.has('gpt2.vocab_size') ? number('vocab_size') : metadata.strings('tokenizer.ggml.tokens').length,
    n_ctx: number('context_length'),
    norm_eps: number('attention.layer_norm_epsilon'),
    tied_embeddings: !tensorNames.has('output.weight'),
  })
}

type Sizes = Omit<Gpt2Config, 'family' | 'n_kv_heads' | 'd_head' | 'activation'>

function complete(source: string, sizes: Sizes): Gpt2Config {
  const d_head = sizes.d_model / sizes.n_heads
  if (!Number.isInteger(d_head)) {
    throw new LoupeError('bad-input', `${source}: ${sizes.n_heads} heads do not divide a width of ${sizes.d_model}`)
  }
  return { ...sizes, family: 'gpt2', n_kv_heads: sizes.n_heads, d_head, activation: 'gelu_tanh' }
}

function unsupported(source: string, what: string): LoupeError {
  return new LoupeError('unsupported', `${source}: Loupe's gpt2 family does not support ${what}`, {
    remedy: 'use a model without it, such as gpt2',
  })
}
