/**
 * The part of a hooked transformer that all families share: checking requests, embedding, driving the blocks with
 * hooks, edits and early stop, the key-value cache, logits. A family brings its blocks.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import { LoupeError, unknownName } from '../../errors'
import { AttentionCache } from './cache'
import { lossGradient } from './gradient'
import { HookPlan, type HookedSteps } from './hooks'
import type { ModelKernels } from './kernels'
import type {
  GradientOptions,
  GradientResult,
  HookedModel,
  ModelConfig,
  RunOptions,
  RunResult,
  TokenBatch,
} from '../types'

/** One forward pass: what the blocks need besides the residual stream. */
export interface Pass {
  batch: number
  seq: number
  /** Positions that came before, in the cache. */
  offset: number
  plan: HookPlan
  cache?: AttentionCache
}

/** What a family brings. The residual stream is `[batch · seq, d_model]` between its parts. */
export interface Blocks {
  /** `[n]` int32 → `[n, d_model]`. */
  embed(ids: Tensor1D): Tensor
  /** The steps of one pass, from `hook_resid_pre` to `hook_resid_post` of a layer each. */
  begin(pass: Pass): (layer: number, residual: Tensor) => HookedSteps<Tensor>
  /** The final norm: `[n, d_model]` → `[n, d_model]`. */
  normalise(residual: Tensor): Tensor
  /** `[n, d_model]` → `[n, d_vocab]`. */
  unembed(normalised: Tensor): Tensor
  /** The same blocks in ops that tfjs can take gradients of; weights and tables stay these blocks' own. */
  differentiable(): Blocks
  dispose(): void
}

/**
 * Every hook of a decoder with the given sizes, in order of computation, with the shape of one position. Queries and
 * keys are shown before their rotation; `ln_final.hook_normalized` is what the unembedding reads, its gain included;
 * `ln2.hook_normalized` is what the MLP reads, its gain left out (it is part of the MLP's matrices).
 */
export function hookShapes(config: ModelConfig): Map<string, number[]> {
  const { n_layers, d_model, n_heads, n_kv_heads, d_head, d_mlp } = config
  const shapes = new Map<string, number[]>([['hook_embed', [d_model]]])
  for (let layer = 0; layer < n_layers; layer++) {
    const add = (name: string, shape: number[]) => shapes.set(`blocks.${layer}.${name}`, shape)
    add('hook_resid_pre', [d_model])
    add('attn.hook_q', [n_heads, d_head])
    add('attn.hook_k', [n_kv_heads, d_head])
    add('attn.hook_v', [n_kv_heads, d_head])
    add('attn.hook_pattern', [n_heads])
    add('attn.hook_z', [n_heads, d_head])
    add('hook_attn_out', [d_model])
    add('hook_resid_mid', [d_model])
    add('ln2.hook_normalized', [d_model])
    add('mlp.hook_post', [d_mlp])
    add('hook_mlp_out', [d_model])
    add('hook_resid_post', [d_model])
  }
  return shapes.set('ln_final.hook_normalized', [d_model])
}

/**
 * @param hookNames in the order in which they are computed
 * @throws LoupeError where the target is computed before the hook that is read: writing there would change what is read
 */
export function requireLater(hookNames: readonly string[], hook: string, targetHook: string): void {
  if (hookNames.indexOf(targetHook) > hookNames.indexOf(hook)) return
  throw new LoupeError('bad-input', `the target hook ${targetHook} is not computed after ${hook}`, {
    remedy:
      'name the input of an MLP as the hook and its output as the target: --hook blocks.9.ln2.hook_normalized --target-hook blocks.9.hook_mlp_out',
  })
}

/** Passes a value through a hook, in the shape the hook shows (a reshape); free when nobody asked for the hook. */
export function* tap(pass: Pass, name: string, value: Tensor, shape = value.shape): HookedSteps<Tensor> {
  if (!pass.plan.wants(name)) return value
  return tf.reshape(yield { name, value: tf.reshape(value, shape) }, value.shape)
}

/** The same for rows of the residual stream, `[batch · seq, d]`, which hooks show as `[batch, seq, d]`. */
export function tapRows(pass: Pass, name: string, rows: Tensor): HookedSteps<Tensor> {
  return tap(pass, name, rows, [pass.batch, pass.seq, rows.shape[1]!])
}

export class Transformer implements HookedModel {
  readonly hookNames: readonly string[]
  private readonly shapes: ReadonlyMap<string, number[]>

  constructor(
    readonly config: ModelConfig,
    private readonly blocks: Blocks,
    private readonly kernels: ModelKernels,
  ) {
    this.shapes = hookShapes(config)
    this.hookNames = [...this.shapes.keys()]
  }

  hookShape(name: string): number[] {
    const shape = this.shapes.get(name)
    if (!shape) throw unknownName('hook', name, this.hookNames)
    return [...shape]
  }

  newCache(batch: number): AttentionCache {
    return new AttentionCache(this.config, this.kernels, batch)
  }

  run(tokens: TokenBatch, options: RunOptions = {}): RunResult {
    const plan = new HookPlan(this.hookNames, options)
    const cache = this.ownCache(options, tokens)
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
    return tf.tidy(() => this.blocks.unembed(finalNorm ? this.blocks.normalise(residual) : residual))
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
      : plan.drive(this.embedding(tokens, pass))
    const block = this.blocks.begin(pass)
    for (let layer = startAt?.layer ?? 0; layer < this.config.n_layers && residual; layer++) {
      const before: Tensor = residual
      residual = plan.drive(block(layer, before))
      before.dispose()
    }
    if (!residual) return undefined
    pass.cache?.advance(seq)
    const finalHook = 'ln_final.hook_normalized'
    if (wanted === 'none' && !plan.wants(finalHook)) return undefined
    const normalised = plan.drive(tapRows(pass, finalHook, this.blocks.normalise(residual)))
    if (!normalised || wanted === 'none') return undefined
    const rows = wanted === 'last' && seq > 1 ? lastRows(normalised, batch, seq) : normalised
    return tf.reshape(this.blocks.unembed(rows), [batch, -1, this.config.d_vocab])
  }

  private *embedding(tokens: TokenBatch, pass: Pass): HookedSteps<Tensor> {
    return yield* tapRows(pass, 'hook_embed', this.blocks.embed(tf.tensor1d(tokens.ids, 'int32')))
  }

  private ownCache({ cache, stopAt }: RunOptions, { batch }: TokenBatch): AttentionCache | undefined {
    if (!cache) return undefined
    if (!(cache instanceof AttentionCache)) throw new Error('a cache must come from newCache()')
    if (cache.batch !== batch) throw new Error(`a cache for ${cache.batch} rows was given ${batch}`)
    if (stopAt !== undefined) throw new Error('a run that stops early cannot extend a cache')
    return cache
  }

  private checkTokens({ ids, batch, seq }: TokenBatch, offset: number): void {
    const { n_ctx, d_vocab } = this.config
    if (ids.length !== batch * seq || ids.length === 0) {
      throw new LoupeError('bad-input', `${ids.length} token ids given for ${batch} rows of ${seq}`, {
        remedy: 'give at least one token, and rows of equal length',
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
