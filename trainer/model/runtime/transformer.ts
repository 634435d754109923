/**
 * The part of a hooked transformer that all families share: checks of a request, the blocks with hooks, edits and early
 * stop, the key-value cache, logits. A family brings its blocks.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { LoupeError, unknownName } from '../../errors'
import { FINAL_HOOK, type HookShapes } from '../hooks'
import { tapRows, type Blocks, type Pass } from './blocks'
import { AttentionCache } from './cache'
import { lossGradient } from './gradient'
import { HookPlan } from './hookPlan'
import type { ModelKernels } from './kernels'
import type {
  DirectLogits,
  GradientOptions,
  GradientResult,
  HookedModel,
  ModelConfig,
  RunOptions,
  RunResult,
  TokenBatch,
} from '../types'

export class Transformer implements HookedModel {
  readonly hookNames: readonly string[]

  constructor(
    readonly config: ModelConfig,
    private readonly hooks: HookShapes,
    private readonly blocks: Blocks,
    private readonly kernels: ModelKernels,
  ) {
    this.hookNames = [...hooks.keys()]
  }

  hookShape(name: string): number[] {
    const shape = this.hooks.get(name)
    if (!shape) throw unknownName('hook', name, this.hookNames)
    return [...shape]
  }

  newCache(batch: number): AttentionCache {
    return new AttentionCache(this.config, this.kernels, batch)
  }

  run(tokens: TokenBatch, options: RunOptions = {}): RunResult {
    const plan = new HookPlan(this.hookNames, options)
    const cache = this.checkedCache(options, tokens)
    this.checkTokens(tokens, cache?.length ?? 0)
    const pass: Pass = { batch: tokens.batch, seq: tokens.seq, offset: cache?.length ?? 0, plan, cache }
    const { logits } = tf.tidy(() => {
      const result = this.forward(tokens, pass, options)
      return { logits: result ? [result] : [], captured: [...plan.captured.values()] }
    })
    return { ...(logits[0] && { logits: logits[0] }), captured: plan.captured }
  }

  lossGradient(tokens: TokenBatch, options: GradientOptions): GradientResult {
    this.checkTokens(tokens, 0)
    return lossGradient({ config: this.config, blocks: this.blocks, hookNames: this.hookNames }, tokens, options)
  }

  unembed(residual: Tensor, { finalNorm = true }: { finalNorm?: boolean } = {}): Tensor {
    return tf.tidy(() => this.blocks.unembed(finalNorm ? this.blocks.finalNorm.normalise(residual) : residual))
  }

  directLogits(directions: Tensor): DirectLogits {
    const { finalNorm } = this.blocks
    const logits = tf.tidy(() => this.blocks.unembed(finalNorm.normaliseDirection(directions)))
    return { logits, scales: tf.tidy(() => finalNorm.scale(directions)) }
  }

  dispose(): void {
    this.blocks.dispose()
    this.kernels.dispose()
  }

  private forward(tokens: TokenBatch, pass: Pass, options: RunOptions): Tensor | undefined {
    const { plan, batch, seq } = pass
    const { startAt, logits: wanted = 'all' } = options
    let residual = startAt
      ? tf.reshape(startAt.residual, [batch * seq, this.config.d_model])
      : plan.drive(this.blocks.embed(tf.tensor1d(tokens.ids, 'int32'), pass))
    const block = this.blocks.begin(pass)
    for (let layer = startAt?.layer ?? 0; layer < this.config.n_layers && residual; layer++) {
      const before: Tensor = residual
      residual = plan.drive(block(layer, before))
      before.dispose()
    }
    if (!residual) return undefined
    pass.cache?.advance(seq)
    if (wanted === 'none' && !plan.wants(FINAL_HOOK)) return undefined
    const normalised = plan.drive(tapRows(pass, FINAL_HOOK, this.blocks.finalNorm.normalise(residual)))
    if (!normalised || wanted === 'none') return undefined
    const rows = wanted === 'last' && seq > 1 ? lastRows(normalised, batch, seq) : normalised
    return tf.reshape(this.blocks.unembed(rows), [batch, -1, this.config.d_vocab])
  }

  private checkedCache({ cache, stopAt }: RunOptions, { batch }: TokenBatch): AttentionCache | undefined {
    if (!cache) return undefined
    if (!(cache instanceof AttentionCache)) throw new Error('a cache must come from newCache()')
    if (cache.batch !== batch) throw new Error(`the cache has ${cache.batch} rows, the tokens have ${batch}`)
    if (stopAt !== undefined) throw new Error('a run that stops early cannot extend a cache')
    return cache
  }

  private checkTokens({ ids, batch, seq }: TokenBatch, offset: number): void {
    const { n_ctx, d_vocab } = this.config
    if (ids.length !== batch * seq || ids.length === 0) {
      throw new LoupeError('bad-input', `${ids.length} token ids for ${batch} rows of ${seq}`, {
        remedy: 'use at least one token, and rows of equal length',
      })
    }
    if (offset + seq > n_ctx) {
      throw new LoupeError('bad-input', `${offset + seq} tokens are more than the model's context of ${n_ctx}`, {
        remedy: 'shorten the text or generate fewer tokens',
      })
    }
    const foreign = ids.find((id) => id < 0 || id >= d_vocab)
    if (foreign !== undefined) {
      throw new LoupeError('bad-input', `token id ${foreign} is not in the model's vocabulary`, {
        remedy: `ids go from 0 to ${d_vocab - 1}`,
      })
    }
  }
}

/** The last position of every row: `[batch · seq, d]` → `[batch, d]`. */
function lastRows(rows: Tensor, batch: number, seq: number): Tensor {
  const width = rows.shape.at(-1)!
  return tf.reshape(tf.slice(tf.reshape(rows, [batch, seq, width]), [0, seq - 1, 0], [batch, 1, width]), [batch, width])
}
