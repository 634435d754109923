/** Llama's tensors: their names and shapes in each file format, and how they get onto the backend. */
import type { Tensor } from '@tensorflow/tfjs-core'
import { concatFloats } from '../../../tensors/arrays'
import type { ModelConfig } from '../../types'
import type { TensorSpec, WeightReader } from '../family'
import { foldGain, upload } from '../upload'

/**
 * Weights of one block, `[out, in]`. Norm gains are folded into the matrices that read the normalised stream: no hook
 * is between them.
 */
export interface LlamaBlockWeights {
  /** Queries above keys: `[(n_heads + n_kv_heads) · d_head, d_model]`. */
  queriesKeys: Tensor
  values: Tensor
  output: Tensor
  gate: Tensor
  up: Tensor
  down: Tensor
}

export interface LlamaWeights {
  /** `[d_vocab, d_model]`. */
  embedding: Tensor
  /** `[d_vocab, d_model]`; the embedding itself when tied. */
  unembedding: Tensor
  /** `[d_model]`, gain of the final norm. */
  finalGain: Tensor
  blocks: LlamaBlockWeights[]
}

type BlockSpecs = ReturnType<typeof blockSpecs>

function blockSpecs({ d_model, d_head, d_mlp, n_heads, n_kv_heads }: ModelConfig, layer: number) {
  const spec = (huggingFace: string, gguf: string, shape: number[], ggufInterleavedHeads?: number): TensorSpec => ({
    huggingFace: `model.layers.${layer}.${huggingFace}.weight`,
    gguf: `blk.${layer}.${gguf}.weight`,
    shape,
    ...(ggufInterleavedHeads && { ggufInterleavedHeads }),
  })
  return {
    attentionGain: spec('input_layernorm', 'attn_norm', [d_model]),
    queries: spec('self_attn.q_proj', 'attn_q', [n_heads * d_head, d_model], n_heads),
    keys: spec('self_attn.k_proj', 'attn_k', [n_kv_heads * d_head, d_model], n_kv_heads),
    values: spec('self_attn.v_proj', 'attn_v', [n_kv_heads * d_head, d_model]),
    output: spec('self_attn.o_proj', 'attn_output', [d_model, n_heads * d_head]),
    mlpGain: spec('post_attention_layernorm', 'ffn_norm', [d_model]),
    gate: spec('mlp.gate_proj', 'ffn_gate', [d_mlp, d_model]),
    up: spec('mlp.up_proj', 'ffn_up', [d_mlp, d_model]),
    down: spec('mlp.down_proj', 'ffn_down', [d_model, d_mlp]),
  }
}

function outerSpecs({ d_model, d_vocab, tied_embeddings }: ModelConfig) {
  return {
    embedding: { huggingFace: 'model.embed_tokens.weight', gguf: 'token_embd.weight', shape: [d_vocab, d_model] },
    finalGain: { huggingFace: 'model.norm.weight', gguf: 'output_norm.weight', shape: [d_model] },
    unembedding: tied_embeddings
      ? undefined
      : { huggingFace: 'lm_head.weight', gguf: 'output.weight', shape: [d_vocab, d_model] },
  }
}

function layers(config: ModelConfig): BlockSpecs[] {
  return Array.from({ length: config.n_layers }, (_, layer) => blockSpecs(config, layer))
}

export function llamaTensors(config: ModelConfig): TensorSpec[] {
  const { embedding, finalGain, unembedding } = outerSpecs(config)
  return [
    embedding,
    finalGain,
    ...(unembedding ? [unembedding] : []),
    ...layers(config).flatMap(Object.values<TensorSpec>),
  ]
}

/** Tensor by tensor, so that JavaScript holds one tensor at a time besides the backend's copy. */
export async function readLlamaWeights(config: ModelConfig, weights: WeightReader): Promise<LlamaWeights> {
  const outer = outerSpecs(config)
  const read = async (spec: TensorSpec) => upload(await weights.read(spec), spec.shape)
  const embedding = await read(outer.embedding)
  const unembedding = outer.unembedding ? await read(outer.unembedding) : embedding
  const finalGain = await read(outer.finalGain)
  const blocks: LlamaBlockWeights[] = []
  for (const specs of layers(config)) {
    const attentionGain = await weights.read(specs.attentionGain)
    const mlpGain = await weights.read(specs.mlpGain)
    const folded = async (gain: Float32Array, ...parts: TensorSpec[]) => {
      const data = await Promise.all(parts.map(async (spec) => foldGain(await weights.read(spec), gain)))
      const rows = parts.reduce((sum, { shape }) => sum + shape[0]!, 0)
      return upload(data.length === 1 ? data[0]! : concatFloats(data), [rows, gain.length])
    }
    blocks.push({
      queriesKeys: await folded(attentionGain, specs.queries, specs.keys),
      values: await folded(attentionGain, specs.values),
      output: await read(specs.output),
      gate: await folded(mlpGain, specs.gate),
      up: await folded(mlpGain, specs.up),
      down: await read(specs.down),
    })
  }
  return { embedding, unembedding, finalGain, blocks }
}
