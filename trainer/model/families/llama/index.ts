/** Llama (Touvron et al. 2023) and models with the same blocks: SmolLM2, TinyLlama, … */
import { decoderHooks } from '../../hooks'
import type { ModelFamily } from '../family'
import { LlamaConfig, llamaConfigFromGguf, llamaConfigFromHuggingFace } from './config'
import { LlamaBlocks } from './forward'
import { llamaTensors, readLlamaWeights } from './weights'

export const llama: ModelFamily<LlamaConfig> = {
  name: 'llama',
  huggingFaceTypes: ['llama'],
  ggufArchitectures: ['llama'],
  schema: LlamaConfig,
  configFromHuggingFace: llamaConfigFromHuggingFace,
  configFromGguf: llamaConfigFromGguf,
  /** `hook_q` and `hook_k` are before the rotation. `ln2.hook_normalized` is without the gain, which is in the MLP's matrices. */
  hookShapes: (config) => {
    const { d_model, n_heads, n_kv_heads, d_head, d_mlp } = config
    return decoderHooks(config, ['hook_embed'], {
      'attn.hook_q': [n_heads, d_head],
      'attn.hook_k': [n_kv_heads, d_head],
      'attn.hook_v': [n_kv_heads, d_head],
      'attn.hook_pattern': [n_heads],
      'attn.hook_z': [n_heads, d_head],
      hook_attn_out: [d_model],
      hook_resid_mid: [d_model],
      'ln2.hook_normalized': [d_model],
      'mlp.hook_post': [d_mlp],
      hook_mlp_out: [d_model],
    })
  },
  tensors: llamaTensors,
  read: async (config, weights, kernels) => new LlamaBlocks(config, await readLlamaWeights(config, weights), kernels),
}
