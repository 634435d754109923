/** Mean activations of texts. */
import * as tf from '@tensorflow/tfjs-core'
import { setTimeout } from 'node:timers/promises'
import { LoupeError } from '../../../errors'
import { harvestContexts } from '../../../harvest/activations'
import type { Stage } from '../../../progress'
import { countedRows } from '../../../store/counting'
import { tidyToHost } from '../../../tensors/tidyToHost'
import type { Rows } from '../logistic'
import type { SuiteInput } from '../runner'
import { rowNorms } from '../../../tensors/arrays'

/** Means over the counted positions of each text. */
export interface Pooled {
  /** `[texts, d_sae]` */
  latents: Rows & { data: Float32Array }
  /** `[texts, d_in]` */
  channels: Rows & { data: Float32Array }
}

const BATCH_TOKENS = 2048
const BREAK_MS = 5

/**
 * Runs texts up to the hook, and averages the codes and the activations of each text. First positions, attention sinks and
 * padding are left out; a text with no other positions is all zero.
 * @param tokens `[texts, textTokens]`
 */
export async function poolTexts(
  { model, hook, dictionary, medianNorm }: SuiteInput,
  tokens: Int32Array,
  textTokens: number,
  stage: Stage,
): Promise<Pooled> {
  const n = tokens.length / textTokens
  const { d_in, d_sae } = dictionary
  const latents = { data: new Float32Array(n * d_sae), n, width: d_sae }
  const channels = { data: new Float32Array(n * d_in), n, width: d_in }
  const batch = Math.max(1, Math.floor(BATCH_TOKENS / textTokens))
  for (let first = 0; first < n; first += batch) {
    if (stage.signal.aborted) throw new LoupeError('cancelled', 'the evaluation was cancelled')
    const last = Math.min(n, first + batch)
    const ids = tokens.subarray(first * textTokens, last * textTokens)
    const { activations: x } = harvestContexts(model, { hook }, ids, textTokens)
    const counted = countedRows(ids, rowNorms(x, d_in), { contextSize: textTokens, medianNorm })
    const kept = gathered(x, counted, d_in)
    const textOf = Int32Array.from(counted, (row) => first + Math.floor(row / textTokens))
    const codes = tidyToHost(() => dictionary.encode(tf.tensor2d(kept, [counted.length, d_in])))
    const sizes = new Map<number, number>()
    for (const text of textOf) sizes.set(text, (sizes.get(text) ?? 0) + 1)
    for (const [row, text] of textOf.entries()) {
      const share = 1 / sizes.get(text)!
      for (let i = 0; i < d_in; i++) channels.data[text * d_in + i]! += share * kept[row * d_in + i]!
      for (let entry = codes.offsets[row]!; entry < codes.offsets[row + 1]!; entry++) {
        latents.data[text * d_sae + codes.indices[entry]!]! += share * codes.values[entry]!
      }
    }
    stage.report(last * textTokens, tokens.length)
    await setTimeout(BREAK_MS)
  }
  return { latents, channels }
}

/** Some rows, one after the other. */
export function gathered(x: Float32Array, rows: ArrayLike<number>, width: number): Float32Array {
  const kept = new Float32Array(rows.length * width)
  for (let at = 0; at < rows.length; at++) {
    kept.set(x.subarray(rows[at]! * width, (rows[at]! + 1) * width), at * width)
  }
  return kept
}
