/** The forward pass of GPT-2 (Radford et al. 2019), in ops that every backend has and that tfjs differentiates. */
import * as tf from '@tensorflow/tfjs-core'
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import { Attention, type AttentionPass } from '../../runtime/attention'
import { tap, tapRows, type Blocks, type FinalNorm, type Pass } from '../../runtime/blocks'
import type { HookedSteps } from '../../runtime/hookPlan'
import type { ModelKernels } from '../../runtime/kernels'
import { plainKernels } from '../../runtime/kernels/plain'
import type { Gpt2Config } from './config'
import type { Affine, Gpt2Weights } from './weights'

export class Gpt2Blocks implements Blocks {
  readonly finalNorm: FinalNorm
  private readonly attention: Attention

  constructor(
    private readonly config: Gpt2Config,
    private readonly weights: Gpt2Weights,
    private readonly kernels: ModelKernels,
  ) {
    this.attention = new Attention(config, kernels)
    const { finalGain, finalBias } = weights
    const normaliseDirection = (direction: Tensor) => tf.mul(this.normalised(direction), finalGain)
    this.finalNorm = {
      normalise: (residual) => tf.add(normaliseDirection(residual), finalBias),
      normaliseDirection,
      scale: (residual) => deviation(centred(residual), config.norm_eps),
    }
  }

  differentiable(): Gpt2Blocks {
    return new Gpt2Blocks(this.config, this.weights, plainKernels(this.config))
  }

  *embed(ids: Tensor1D, pass: Pass): HookedSteps<Tensor> {
    const { batch, seq, offset } = pass
    const tokens = yield* tapRows(pass, 'hook_embed', tf.gather(this.weights.embedding, ids))
    const rows = tf.slice(this.weights.positions, [offset, 0], [seq, this.config.d_model])
    const positions = yield* tapRows(pass, 'hook_pos_embed', tf.tile(rows, [batch, 1]))
    return tf.add(tokens, positions)
  }

  begin(pass: Pass): (layer: number, residual: Tensor) => HookedSteps<Tensor> {
    const all = this.attention.begin(pass)
    return (layer, residual) => this.block(layer, residual, all)
  }

  unembed(normalised: Tensor): Tensor {
    return this.kernels.linear(normalised, this.weights.unembedding)
  }

  dispose(): void {
    const { embedding, positions, unembedding, finalGain, finalBias, blocks } = this.weights
    const matrices = blocks.flatMap(({ attention, output, up, down }) => [attention, output, up, down])
    tf.dispose([embedding, positions, unembedding, finalGain, finalBias])
    tf.dispose(matrices.flatMap(({ weight, bias }) => [weight, bias]))
  }

  private *block(layer: number, residual: Tensor, pass: AttentionPass): HookedSteps<Tensor> {
    const name = `blocks.${layer}`
    const weights = this.weights.blocks[layer]!
    const before = yield* tapRows(pass, `${name}.hook_resid_pre`, residual)
    const z = yield* this.attend(layer, before, pass)
    const attended = yield* tapRows(pass, `${name}.hook_attn_out`, this.affine(z, weights.output))
    const middle = yield* tapRows(pass, `${name}.hook_resid_mid`, tf.add(before, attended))
    const input = yield* tapRows(pass, `${name}.ln2.hook_normalized`, this.normalised(middle))
    const pre = yield* tapRows(pass, `${name}.mlp.hook_pre`, this.affine(input, weights.up))
    const post = yield* tapRows(pass, `${name}.mlp.hook_post`, geluTanh(pre))
    const out = yield* tapRows(pass, `${name}.hook_mlp_out`, this.affine(post, weights.down))
    return yield* tapRows(pass, `${name}.hook_resid_post`, tf.add(middle, out))
  }

  /** Everything between the residual stream and the output projection: `[batch · seq, n_heads · d_head]`. */
  private *attend(layer: number, residual: Tensor, pass: AttentionPass): HookedSteps<Tensor> {
    const { n_heads, d_head } = this.config
    const name = `blocks.${layer}`
    const input = yield* tapRows(pass, `${name}.ln1.hook_normalized`, this.normalised(residual))
    const all = this.affine(input, this.weights.blocks[layer]!.attention)
    const parts = tf.split(tf.reshape(all, [pass.batch, pass.seq, 3 * n_heads, d_head]), 3, 2)
    const queries = yield* tap(pass, `${name}.attn.hook_q`, parts[0]!)
    const keys = yield* tap(pass, `${name}.attn.hook_k`, parts[1]!)
    const values = yield* tap(pass, `${name}.attn.hook_v`, parts[2]!)
    return yield* this.attention.attend(layer, { queries, keys, values }, pass)
  }

  private affine(x: Tensor, { weight, bias }: Affine): Tensor {
    return tf.tidy(() => tf.add(this.kernels.linear(x, weight), bias))
  }

  /** LayerNorm (Ba et al. 2016) without gain and bias. */
  private normalised(x: Tensor): Tensor {
    return tf.tidy(() => {
      const difference = centred(x)
      return tf.div(difference, deviation(difference, this.config.norm_eps))
    })
  }
}

/** `x − mean(x)` over the last axis. */
function centred(x: Tensor): Tensor {
  return tf.tidy(() => tf.sub(x, tf.mean(x, -1, true)))
}

/** `sqrt(mean(x²) + eps)` of centred rows: `[n, d]` → `[n, 1]`. */
function deviation(centredRows: Tensor, epsilon: number): Tensor {
  return tf.tidy(() => tf.sqrt(tf.add(tf.mean(tf.square(centredRows), -1, true), epsilon)))
}

/**
 * The tanh approximation of GELU (Hendrycks and Gimpel 2016), `x/2 · (1 + tanh u)` with `u = √(2/π) (x + 0.044715 x³)`,
 * written as `x · sigmoid(2u)`, which is the same.
 */
function geluTanh(x: Tensor): Tensor {
  return tf.tidy(() => {
    const inner = tf.mul(tf.add(x, tf.mul(tf.mul(tf.square(x), x), 0.044715)), 2 * Math.sqrt(2 / Math.PI))
    return tf.mul(x, tf.sigmoid(inner))
  })
}
