/** Llama's configuration: read from a Hugging Face config.json or the metadata of a GGUF file, and as Loupe stores it. */
import { z } from 'zod'
import { LoupeError } from '../../../errors'
import { ModelConfig } from '../../types'
import type { GgufMetadata } from '../family'

export const LlamaConfig = z.strictObject({
  ...ModelConfig.shape,
  family: z.literal('llama'),
  rope_theta: z.number().positive().describe('Base of the rotary frequencies'),
  activation: z.literal('silu'),
})
export type LlamaConfig = z.output<typeof LlamaConfig>

const count = z.int().positive()

const rope = z.looseObject({
  rope_theta: z.number().positive().optional(),
  rope_type: z.string().optional(),
  type: z.string().optional(),
})

/** The keys of a config.json that change the computation. Defaults are those of the format. */
const huggingFaceSchema = z.object({
  vocab_size: count,
  hidden_size: count,
  intermediate_size: count,
  num_hidden_layers: count,
  num_attention_heads: count,
  num_key_value_heads: count.nullish(),
  head_dim: count.nullish(),
  max_position_embeddings: count.default(2048),
  rms_norm_eps: z.number().positive().default(1e-6),
  hidden_act: z.string().default('silu'),
  tie_word_embeddings: z.boolean().default(false),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  rope_theta: z.number().positive().nullish(),
  rope_scaling: rope.nullish(),
  rope_parameters: rope.nullish(),
})

/** @throws LoupeError naming the key that is missing, wrong or not supported */
export function llamaConfigFromHuggingFace(json: unknown, source: string): LlamaConfig {
  const parsed = huggingFaceSchema.safeParse(json)
  if (!parsed.success) {
    throw new LoupeError('bad-input', `${source}: ${z.prettifyError(parsed.error)}`, {
      remedy: 'use the config.json of the same folder as the weights',
    })
  }
  const config = parsed.data
  if (config.hidden_act !== 'silu') throw unsupported(source, `hidden_act "${config.hidden_act}"`)
  if (config.attention_bias) throw unsupported(source, 'attention_bias')
  if (config.mlp_bias) throw unsupported(source, 'mlp_bias')
  const scaling = config.rope_parameters ?? config.rope_scaling
  const kind = scaling?.rope_type ?? scaling?.type ?? 'default'
  if (kind !== 'default') throw unsupported(source, `rotary scaling "${kind}"`)
  return checked(source, {
    family: 'llama',
    n_layers: config.num_hidden_layers,
    d_model: config.hidden_size,
    n_heads: config.num_attention_heads,
    n_kv_heads: config.num_key_value_heads ?? config.num_attention_heads,
    d_head: config.head_dim ?? config.hidden_size / config.num_attention_heads,
    d_mlp: config.intermediate_size,
    d_vocab: config.vocab_size,
    n_ctx: config.max_position_embeddings,
    norm_eps: config.rms_norm_eps,
    rope_theta: scaling?.rope_theta ?? config.rope_theta ?? 10_000,
    activation: 'silu',
    tied_embeddings: config.tie_word_embeddings,
  })
}

/** @throws LoupeError naming the key that is missing, wrong or not supported */
export function llamaConfigFromGguf(metadata: GgufMetadata, tensorNames: ReadonlySet<string>): LlamaConfig {
  const { source } = metadata
  const number = (key: string, fallback?: number) => metadata.number(`llama.${key}`, fallback)
  const scaling = metadata.string('llama.rope.scaling.type', 'none')
  if (scaling !== 'none' || tensorNames.has('rope_freqs.weight')) throw unsupported(source, 'rotary scaling')
  if (number('expert_count', 0) > 0) throw unsupported(source, 'a mixture of experts')
  const d_model = number('embedding_length')
  const n_heads = number('attention.head_count')
  const d_head = number('attention.key_length', d_model / n_heads)
  if (number('rope.dimension_count', d_head) !== d_head)
    throw unsupported(source, 'rotary positions on a part of a head')
  return checked(source, {
    family: 'llama',
    n_layers: number('block_count'),
    d_model,
    n_heads,
    n_kv_heads: number('attention.head_count_kv', n_heads),
    d_head,
    d_mlp: number('feed_forward_length'),
    d_vocab: metadata.has('llama.vocab_size') ? number('vocab_size') : metadata.strings('tokenizer.ggml.tokens').length,
    n_ctx: number('context_length'),
    norm_eps: number('attention.layer_norm_rms_epsilon'),
    rope_theta: number('rope.freq_base', 10_000),
    activation: 'silu',
    tied_embeddings: !tensorNames.has('output.weight'),
  })
}

function unsupported(source: string, what: string): LoupeError {
  return new LoupeError('unsupported', `${source}: Loupe's llama family does not support ${what}`, {
    remedy: 'use a model without it, such as smollm2-135m-instruct',
  })
}

function checked(source: string, config: LlamaConfig): LlamaConfig {
  const { n_heads, n_kv_heads, d_head } = config
  if (!Number.isInteger(d_head) || d_head % 2 !== 0) {
    throw new LoupeError('bad-input', `${source}: heads of ${d_head} dimensions; rotary positions need an even number`)
  }
  if (n_heads % n_kv_heads !== 0) {
    throw new LoupeError('bad-input', `${source}: ${n_heads} heads cannot share ${n_kv_heads} key heads evenly`)
  }
  return config
}
