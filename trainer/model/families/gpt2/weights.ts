/** GPT-2's tensors: their names and shapes in each file format, and how they get onto the backend. */
import type { Tensor } from '@tensorflow/tfjs-core'
import type { TensorSpec, WeightReader } from '../family'
import { foldBias, foldGain, upload } from '../upload'
import type { Gpt2Config } from './config'

/** `x · weightᵀ + bias`: `[out, in]` and `[out]`. */
export interface Affine {
  weight: Tensor
  bias: Tensor
}

/** One block. Gains and biases of the norms are folded into the matrices that read the normalised stream. */
export interface Gpt2BlockWeights {
  /** Queries above keys above values: `[3 · d_model, d_model]`. */
  attention: Affine
  output: Affine
  up: Affine
  down: Affine
}

export interface Gpt2Weights {
  /** `[d_vocab, d_model]` */
  embedding: Tensor
  /** `[n_ctx, d_model]` */
  positions: Tensor
  /** `[d_vocab, d_model]`; the embedding itself when tied. */
  unembedding: Tensor
  /** `[d_model]` each. */
  finalGain: Tensor
  finalBias: Tensor
  blocks: Gpt2BlockWeights[]
}

/** Files of the transformer without its head have no prefix, as in the first release of the weights. */
function named(huggingFace: string, gguf: string, shape: readonly number[]): TensorSpec {
  return { huggingFace: `transformer.${huggingFace}`, huggingFaceAlternative: huggingFace, gguf, shape }
}

/** The weight and the bias of a norm or of a matrix. Hugging Face's Conv1D holds a matrix as `[in, out]`. */
function pair(huggingFace: string, gguf: string, shape: readonly [number] | readonly [number, number]) {
  const weight = named(`${huggingFace}.weight`, `${gguf}.weight`, shape)
  return {
    weight: shape.length === 2 ? { ...weight, huggingFaceTransposed: true } : weight,
    bias: named(`${huggingFace}.bias`, `${gguf}.bias`, [shape[0]]),
  }
}

function outerSpecs({ d_model, d_vocab, n_ctx, tied_embeddings }: Gpt2Config) {
  const head = { huggingFace: 'lm_head.weight', gguf: 'output.weight', shape: [d_vocab, d_model] }
  return {
    embedding: named('wte.weight', 'token_embd.weight', [d_vocab, d_model]),
    positions: named('wpe.weight', 'position_embd.weight', [n_ctx, d_model]),
    finalNorm: pair('ln_f', 'output_norm', [d_model]),
    unembedding: tied_embeddings ? undefined : head,
  }
}

function blockSpecs({ n_layers, d_model, d_mlp }: Gpt2Config) {
  return Array.from({ length: n_layers }, (_, layer) => {
    const inBlock = (huggingFace: string, gguf: string, shape: [number] | [number, number]) =>
      pair(`h.${layer}.${huggingFace}`, `blk.${layer}.${gguf}`, shape)
    return {
      attentionNorm: inBlock('ln_1', 'attn_norm', [d_model]),
      attention: inBlock('attn.c_attn', 'attn_qkv', [3 * d_model, d_model]),
      output: inBlock('attn.c_proj', 'attn_output', [d_model, d_model]),
      mlpNorm: inBlock('ln_2', 'ffn_norm', [d_model]),
      up: inBlock('mlp.c_fc', 'ffn_up', [d_mlp, d_model]),
      down: inBlock('mlp.c_proj', 'ffn_down', [d_model, d_mlp]),
    }
  })
}

export function gpt2Tensors(config: Gpt2Config): TensorSpec[] {
  const { embedding, positions, finalNorm, unembedding } = outerSpecs(config)
  const pairs = [finalNorm, ...blockSpecs(config).flatMap((specs) => Object.values(specs))]
  return [
    embedding,
    positions,
    ...(unembedding ? [unembedding] : []),
    ...pairs.flatMap(({ weight, bias }) => [weight, bias]),
  ]
}

/** Tensor by tensor, so that JavaScript holds one matrix at a time besides the backend's copy. */
export async function readGpt2Weights(config: Gpt2Config, weights: WeightReader): Promise<Gpt2Weights> {
  type Pair = ReturnType<typeof pair>
  const outer = outerSpecs(config)
  const read = async (spec: TensorSpec) => upload(await weights.read(spec), spec.shape)
  const readPair = async ({ weight, bias }: Pair) => ({ weight: await read(weight), bias: await read(bias) })
  const readAfterNorm = async (norm: Pair, { weight, bias }: Pair) => {
    const [gain, normBias] = [await weights.read(norm.weight), await weights.read(norm.bias)]
    const matrix = await weights.read(weight)
    const folded = foldBias(await weights.read(bias), matrix, normBias)
    return { weight: upload(foldGain(matrix, gain), weight.shape), bias: upload(folded, bias.shape) }
  }
  const embedding = await read(outer.embedding)
  const positions = await read(outer.positions)
  const unembedding = outer.unembedding ? await read(outer.unembedding) : embedding
  const { weight: finalGain, bias: finalBias } = await readPair(outer.finalNorm)
  const blocks: Gpt2BlockWeights[] = []
  for (const specs of blockSpecs(config)) {
    blocks.push({
      attention: await readAfterNorm(specs.attentionNorm, specs.attention),
      output: await readPair(specs.output),
      up: await readAfterNorm(specs.mlpNorm, specs.up),
      down: await readPair(specs.down),
    })
  }
  return { embedding, positions, unembedding, finalGain, finalBias, blocks }
}
