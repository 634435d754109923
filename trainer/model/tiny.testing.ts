/** The tiny golden model of a family: random weights, with outputs computed by Hugging Face transformers. */
import type { Tensor } from '@tensorflow/tfjs-core'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseSafetensors, type SafetensorsBlob } from '../tensors/safetensors'
import type { TokenBatch } from './types'

export interface TinyGolden {
  folder: string
  tokens: TokenBatch
  io: SafetensorsBlob
  prompt: number[]
  greedy: number[]
}

export function tinyGolden(family: string): TinyGolden {
  const folder = fileURLToPath(new URL(`../../test/golden/model/tiny/${family}`, import.meta.url))
  const io = parseSafetensors(readFileSync(`${folder}/io.safetensors`))
  const [batch, seq] = io.tensors.get('ids')!.shape as [number, number]
  const note = JSON.parse(readFileSync(`${folder}/note.json`, 'utf8')) as { prompt: number[]; greedy12: number[] }
  return {
    folder,
    tokens: { ids: io.readIntegers('ids'), batch, seq },
    io,
    prompt: note.prompt,
    greedy: note.greedy12,
  }
}

/** Values on the host; the tensor is disposed. */
export function take(tensor: Tensor | undefined): Float32Array {
  const values = tensor!.dataSync<'float32'>()
  tensor!.dispose()
  return values
}

/** Largest difference, relative to the largest expected magnitude. */
export function relativeError(computed: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (computed.length !== expected.length) return Infinity
  let [worst, scale] = [0, 0]
  for (let i = 0; i < expected.length; i++) {
    // Not Math.max, which would let NaN pass.
    const difference = Math.abs(computed[i]! - expected[i]!)
    if (!(difference <= worst)) worst = difference
    scale = Math.max(scale, Math.abs(expected[i]!))
  }
  return worst / scale
}
