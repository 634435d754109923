/**
 * The forward pass of Llama (Touvron et al. 2023): RMSNorm before attention and MLP, rotary positions, grouped-query
 * attention, SwiGLU, no biases. Hook names and values as in TransformerLens.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import { Attention, type AttentionPass } from '../../runtime/attention'
import { tap, tapRows, type Blocks, type FinalNorm, type Pass } from '../../runtime/blocks'
import type { HookedSteps } from '../../runtime/hookPlan'
import type { ModelKernels } from '../../runtime/kernels'
import { plainKernels } from '../../runtime/kernels/plain'
import type { LlamaConfig } from './config'
import { RotaryTables, type RotarySlice } from './rotary'
import type { LlamaBlockWeights, LlamaWeights } from './weights'

/** One pass, with the rotation of its positions. */
interface LlamaPass extends AttentionPass {
  angles: RotarySlice
}

export class LlamaBlocks implements Blocks {
  readonly finalNorm: FinalNorm
  private readonly attention: Attention

  constructor(
    private readonly config: LlamaConfig,
    private readonly weights: LlamaWeights,
    private readonly kernels: ModelKernels,
    private readonly rotary = new RotaryTables(config.rope_theta, config.d_head),
  ) {
    this.attention = new Attention(config, kernels)
    const normalise = (residual: Tensor) => tf.mul(kernels.rmsNormalise(residual), weights.finalGain)
    this.finalNorm = {
      normalise,
      normaliseDirection: normalise,
      scale: (residual) => tf.sqrt(tf.add(tf.mean(tf.square(residual), 1, true), config.norm_eps)),
    }
  }

  differentiable(): LlamaBlocks {
    return new LlamaBlocks(this.config, this.weights, plainKernels(this.config), this.rotary)
  }

  embed(ids: Tensor1D, pass: Pass): HookedSteps<Tensor> {
    return tapRows(pass, 'hook_embed', tf.gather(this.weights.embedding, ids))
  }

  begin(pass: Pass): (layer: number, residual: Tensor) => HookedSteps<Tensor> {
    const all = { ...this.attention.begin(pass), angles: this.rotary.slice(pass.offset, pass.seq) }
    return (layer, residual) => this.block(layer, residual, all)
  }

  unembed(normalised: Tensor): Tensor {
    return this.kernels.linear(normalised, this.weights.unembedding)
  }

  dispose(): void {
    tf.dispose([this.weights.embedding, this.weights.unembedding, this.weights.finalGain])
    for (const block of this.weights.blocks) tf.dispose(Object.values(block) as Tensor[])
    this.rotary.dispose()
  }

  private *block(layer: number, residual: Tensor, pass: LlamaPass): HookedSteps<Tensor> {
    const { linear, rmsNormalise } = this.kernels
    const name = `blocks.${layer}`
    const weights = this.weights.blocks[layer]!
    const before = yield* tapRows(pass, `${name}.hook_resid_pre`, residual)
    const z = yield* this.attend(layer, before, pass)
    const attended = yield* tapRows(pass, `${name}.hook_attn_out`, linear(z, weights.output))
    const middle = yield* tapRows(pass, `${name}.hook_resid_mid`, tf.add(before, attended))
    const input = yield* tapRows(pass, `${name}.ln2.hook_normalized`, rmsNormalise(middle))
    const post = yield* tapRows(pass, `${name}.mlp.hook_post`, this.mlp(input, weights))
    const out = yield* tapRows(pass, `${name}.hook_mlp_out`, linear(post, weights.down))
    return yield* tapRows(pass, `${name}.hook_resid_post`, tf.add(middle, out))
  }

  /** Everything between the residual stream and the output projection: `[batch · seq, n_heads · d_head]`. */
  private *attend(layer: number, residual: Tensor, pass: LlamaPass): HookedSteps<Tensor> {
    const { n_heads, n_kv_heads, d_head } = this.config
    const { batch, seq, angles } = pass
    const { linear, rmsNormalise, splitHeads } = this.kernels
    const weights = this.weights.blocks[layer]!
    const name = `blocks.${layer}.attn`
    const heads = (rows: Tensor, count: number) => tf.reshape(rows, [batch, seq, count, d_head])
    const input = rmsNormalise(residual)
    const queriesKeys = heads(linear(input, weights.queriesKeys), n_heads + n_kv_heads)
    const unrotated = yield* this.tapQueriesKeys(name, queriesKeys, pass)
    const [queries, keys] = splitHeads(this.rotated(unrotated, angles))
    const values = yield* tap(pass, `${name}.hook_v`, heads(linear(input, weights.values), n_kv_heads))
    return yield* this.attention.attend(layer, { queries, keys, values }, pass)
  }

  /** Heads `[batch, seq, heads, d_head]` turned to their positions. */
  private rotated(heads: Tensor, { cos, sin, matrix }: RotarySlice): Tensor {
    const { product, rotate } = this.kernels
    if (!matrix) return rotate(heads, cos, sin)
    return tf.tidy(() => tf.reshape(product(tf.reshape(heads, [-1, this.config.d_head]), matrix), heads.shape))
  }

  /** Queries and keys travel as one tensor of heads; the two hooks see them apart. */
  private *tapQueriesKeys(name: string, both: Tensor, pass: Pass): HookedSteps<Tensor> {
    if (!pass.plan.wants(`${name}.hook_q`) && !pass.plan.wants(`${name}.hook_k`)) return both
    const [queries, keys] = this.kernels.splitHeads(both)
    const editedQueries = yield* tap(pass, `${name}.hook_q`, queries)
    const editedKeys = yield* tap(pass, `${name}.hook_k`, keys)
    return tf.concat([editedQueries, editedKeys], 2)
  }

  private mlp(input: Tensor, { gate, up }: LlamaBlockWeights): Tensor {
    const { linear, gatedSilu } = this.kernels
    return tf.tidy(() => gatedSilu(linear(input, gate), linear(input, up)))
  }
}
