/**
 * Llama (Touvron et al. 2023) and what shares its blocks (SmolLM2, TinyLlama, …): RMSNorm before attention and MLP,
 * rotary positions, grouped-query attention, SwiGLU, no biases. Hook names and values as in TransformerLens.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import { causalMask, flatMask, stackHeads, unstackHeads } from '../../runtime/attention'
import type { CacheExtension, KeysValues } from '../../runtime/cache'
import type { ModelFamily } from '../family'
import type { HookedSteps } from '../../runtime/hooks'
import { modelKernels, type ModelKernels } from '../../runtime/kernels'
import { plainKernels } from '../../runtime/kernels/plain'
import { llamaConfigFromGguf, llamaConfigFromHuggingFace } from './config'
import { llamaTensors, readLlamaWeights, type LlamaBlockWeights, type LlamaWeights } from './weights'
import { RotaryTables, type RotarySlice } from './rotary'
import { tap, tapRows, Transformer, type Blocks, type Pass } from '../../runtime/transformer'
import type { ModelConfig } from '../../types'

/**
 * Key heads, over all rows, up to which a single position goes through the flat product: it multiplies every query with
 * the keys of all heads and rows, and masks the foreign ones.
 */
const FLAT_HEADS = 4

/** One pass, with what all its attention layers share. */
interface AttentionPass extends Pass {
  extension: CacheExtension | undefined
  /** For stacked heads. */
  mask: Tensor | undefined
  /** For the flat product of a single position, where that is cheaper. */
  flat: Tensor | undefined
  angles: RotarySlice
}

export class LlamaBlocks implements Blocks {
  constructor(
    private readonly config: ModelConfig,
    private readonly weights: LlamaWeights,
    private readonly kernels: ModelKernels,
    private readonly rotary = new RotaryTables(config.rope_theta, config.d_head),
  ) {}

  differentiable(): LlamaBlocks {
    return new LlamaBlocks(this.config, this.weights, plainKernels(this.config), this.rotary)
  }

  embed(ids: Tensor1D): Tensor {
    return tf.gather(this.weights.embedding, ids)
  }

  begin(pass: Pass): (layer: number, residual: Tensor) => HookedSteps<Tensor> {
    const { n_heads, n_kv_heads } = this.config
    const { batch, seq, offset, plan } = pass
    const extension = pass.cache?.extend(seq)
    const width = extension?.width ?? seq
    const few = seq === 1 && batch * n_kv_heads <= FLAT_HEADS
    const flat = extension && few && !plan.wantsAny('attn.hook_pattern')
    const attention: AttentionPass = {
      ...pass,
      extension,
      flat: flat ? flatMask(batch, n_heads, n_kv_heads, offset + 1, width) : undefined,
      mask: flat ? undefined : causalMask(seq, offset, width, n_heads / n_kv_heads),
      angles: this.rotary.slice(offset, seq),
    }
    return (layer, residual) => this.block(layer, residual, attention)
  }

  normalise(residual: Tensor): Tensor {
    return tf.mul(this.kernels.rmsNormalise(residual), this.weights.finalGain)
  }

  unembed(normalised: Tensor): Tensor {
    return this.kernels.linear(normalised, this.weights.unembedding)
  }

  dispose(): void {
    tf.dispose([this.weights.embedding, this.weights.unembedding, this.weights.finalGain])
    for (const block of this.weights.blocks) tf.dispose(Object.values(block) as Tensor[])
    this.rotary.dispose()
  }

  private *block(layer: number, residual: Tensor, pass: AttentionPass): HookedSteps<Tensor> {
    const { linear, rmsNormalise } = this.kernels
    const name = `blocks.${layer}`
    const weights = this.weights.blocks[layer]!
    const before = yield* tapRows(pass, `${name}.hook_resid_pre`, residual)
    const z = yield* this.attention(layer, before, pass)
    const attended = yield* tapRows(pass, `${name}.hook_attn_out`, linear(z, weights.output))
    const middle = yield* tapRows(pass, `${name}.hook_resid_mid`, tf.add(before, attended))
    const input = yield* tapRows(pass, `${name}.ln2.hook_normalized`, rmsNormalise(middle))
    const post = yield* tapRows(pass, `${name}.mlp.hook_post`, this.mlp(input, weights))
    const out = yield* tapRows(pass, `${name}.hook_mlp_out`, linear(post, weights.down))
    return yield* tapRows(pass, `${name}.hook_resid_post`, tf.add(middle, out))
  }

  /** Everything between the residual stream and the output projection: `[batch · seq, n_heads · d_head]`. */
  private *attention(layer: number, residual: Tensor, pass: AttentionPass): HookedSteps<Tensor> {
    const { n_heads, n_kv_heads, d_head } = this.config
    const { batch, seq, angles } = pass
    const { linear, rmsNormalise } = this.kernels
    const weights = this.weights.blocks[layer]!
    const name = `blocks.${layer}.attn`
    const heads = (rows: Tensor, count: number) => tf.reshape(rows, [batch, seq, count, d_head])
    const input = rmsNormalise(residual)
    const queriesKeys = heads(linear(input, weights.queriesKeys), n_heads + n_kv_heads)
    const unrotated = yield* this.tapQueriesKeys(name, queriesKeys, pass)
    const [queries, keys] = this.kernels.splitHeads(this.rotated(unrotated, angles))
    const values = yield* tap(pass, `${name}.hook_v`, heads(linear(input, weights.values), n_kv_heads))
    const scaled = tf.mul(queries, d_head ** -0.5)
    const own = { keys: stackHeads(keys, n_kv_heads), values: stackHeads(values, n_kv_heads) }
    const stored = pass.extension?.append(layer, own)
    const z =
      pass.flat && stored
        ? this.attendFlat(scaled, stored, pass.flat)
        : yield* this.attendStacked(name, scaled, stored ? this.byHead(stored, batch) : own, pass)
    return yield* tap(pass, `${name}.hook_z`, z, [batch, seq, n_heads, d_head])
  }

  /** Heads `[batch, seq, heads, d_head]` turned to their positions. */
  private rotated(heads: Tensor, { cos, sin, matrix }: RotarySlice): Tensor {
    const { product, rotate } = this.kernels
    if (!matrix) return rotate(heads, cos, sin)
    return tf.tidy(() => tf.reshape(product(tf.reshape(heads, [-1, this.config.d_head]), matrix), heads.shape))
  }

  /** One position: all heads in one product each with keys and values, which costs a fifth of the batched one. */
  private attendFlat(queries: Tensor, { keys, values }: KeysValues, mask: Tensor): Tensor {
    const { n_heads, d_head } = this.config
    const { linear, product, softmax } = this.kernels
    return tf.tidy(() => {
      const scores = linear(tf.reshape(queries, [mask.shape[0], d_head]), keys)
      return tf.reshape(product(softmax(tf.add(scores, mask)), values), [-1, n_heads * d_head])
    })
  }

  /** @returns `[batch · seq, n_heads · d_head]` */
  private *attendStacked(
    name: string,
    queries: Tensor,
    { keys, values }: KeysValues,
    pass: AttentionPass,
  ): HookedSteps<Tensor> {
    const stacked = stackHeads(queries, this.config.n_kv_heads)
    const pattern = tf.tidy(() => {
      const scores = tf.matMul(stacked, keys, false, true)
      return this.kernels.softmax(pass.mask ? tf.add(scores, pass.mask) : scores)
    })
    return unstackHeads(tf.matMul(yield* this.tapPattern(name, pattern, pass), values), pass.seq)
  }

  /** Buffers of a cache as `[batch, n_kv_heads, width, d_head]`. */
  private byHead({ keys, values }: KeysValues, batch: number): KeysValues {
    const shape = [batch, this.config.n_kv_heads, -1, this.config.d_head]
    return { keys: tf.reshape(keys, shape), values: tf.reshape(values, shape) }
  }

  /** Queries and keys travel as one tensor of heads; the two hooks see them apart. */
  private *tapQueriesKeys(name: string, both: Tensor, pass: Pass): HookedSteps<Tensor> {
    if (!pass.plan.wants(`${name}.hook_q`) && !pass.plan.wants(`${name}.hook_k`)) return both
    const [queries, keys] = this.kernels.splitHeads(both)
    const editedQueries = yield* tap(pass, `${name}.hook_q`, queries)
    const editedKeys = yield* tap(pass, `${name}.hook_k`, keys)
    return tf.concat([editedQueries, editedKeys], 2)
  }

  /** The hook shows the positions that exist, not the room a cache keeps for further ones. */
  private *tapPattern(name: string, stacked: Tensor, pass: Pass): HookedSteps<Tensor> {
    if (!pass.plan.wants(`${name}.hook_pattern`)) return stacked
    const { batch, seq, offset } = pass
    const { n_heads } = this.config
    const width = stacked.shape[3]!
    const seen = offset + seq
    const all = tf.reshape(stacked, [batch, n_heads, seq, width])
    const edited = yield* tap(pass, `${name}.hook_pattern`, tf.slice(all, [0, 0, 0, 0], [batch, n_heads, seq, seen]))
    const room = tf.zeros([batch, n_heads, seq, width - seen])
    return tf.reshape(width > seen ? tf.concat([edited, room], 3) : edited, stacked.shape)
  }

  private mlp(input: Tensor, { gate, up }: LlamaBlockWeights): Tensor {
    const { linear, gatedSilu } = this.kernels
    return tf.tidy(() => gatedSilu(linear(input, gate), linear(input, up)))
  }
}

export const llama: ModelFamily = {
  name: 'llama',
  huggingFaceTypes: ['llama'],
  ggufArchitectures: ['llama'],
  configFromHuggingFace: llamaConfigFromHuggingFace,
  configFromGguf: llamaConfigFromGguf,
  tensors: llamaTensors,
  async build(config, weights) {
    const kernels = modelKernels(config)
    return new Transformer(config, new LlamaBlocks(config, await readLlamaWeights(config, weights), kernels), kernels)
  },
}
