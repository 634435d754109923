/**
 * GPT-2 (Radford et al. 2019): LayerNorm with biases, learned positions, GELU, queries, keys and values in one matrix.
 *
 * Values are those of the weights as they are in the file. TransformerLens by default also centres the weights that
 * write to the residual stream and the unembedding, so its residual stream differs from this one by the mean over
 * dimensions, and its logits by a number that all tokens share; `from_pretrained_no_processing` agrees.
 */
import { decoderHooks } from '../../hooks'
import type { ModelFamily } from '../family'
import { Gpt2Config, gpt2ConfigFromGguf, gpt2ConfigFromHuggingFace } from './config'
import { Gpt2Blocks } from './forward'
import { gpt2Tensors, readGpt2Weights } from './weights'

export const gpt2: ModelFamily<Gpt2Config> = {
  name: 'gpt2',
  huggingFaceTypes: ['gpt2'],
  ggufArchitectures: ['gpt2'],
  schema: Gpt2Config,
  configFromHuggingFace: gpt2ConfigFromHuggingFace,
  configFromGguf: gpt2ConfigFromGguf,
  /** `ln1` and `ln2` show the normalised stream without gain and bias, which are in the matrices that read it. */
  hookShapes: (config) => {
    const { d_model, n_heads, d_head, d_mlp } = config
    return decoderHooks(config, ['hook_embed', 'hook_pos_embed'], {
      'ln1.hook_normalized': [d_model],
      'attn.hook_q': [n_heads, d_head],
      'attn.hook_k': [n_heads, d_head],
      'attn.hook_v': [n_heads, d_head],
      'attn.hook_pattern': [n_heads],
      'attn.hook_z': [n_heads, d_head],
      hook_attn_out: [d_model],
      hook_resid_mid: [d_model],
      'ln2.hook_normalized': [d_model],
      'mlp.hook_pre': [d_mlp],
      'mlp.hook_post': [d_mlp],
      hook_mlp_out: [d_model],
    })
  },
  tensors: gpt2Tensors,
  read: async (config, weights, kernels) => new Gpt2Blocks(config, await readGpt2Weights(config, weights), kernels),
}
