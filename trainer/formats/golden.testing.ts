/** Dictionaries that other libraries wrote, with what they compute; shared by the tests of formats. */
import * as tf from '@tensorflow/tfjs-core'
import { cp, mkdtemp } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Dictionary } from '../sae/dictionary/dictionary'
import { openSafetensors } from '../tensors/safetensors'
import { tidyToHost } from '../tensors/tidyToHost'

export const GOLDEN_FORMATS = join(import.meta.dirname, '../../test/golden/formats')

export interface Golden {
  x: Float32Array
  shape: readonly number[]
  acts: Float32Array
  output: Float32Array
}

/** Inputs of a case with the codes and the output of the library itself. */
export async function readGolden(folder: string): Promise<Golden> {
  await using file = await openSafetensors(join(GOLDEN_FORMATS, folder, 'io.safetensors'))
  const output = file.tensors.has('full') ? 'full' : 'recon'
  const shape = file.tensors.get('x')!.shape
  return { x: await file.read('x'), shape, acts: await file.read('acts'), output: await file.read(output) }
}

/** A copy of a case in its own folder, for a test to damage. */
export async function copyGolden(folder: string, scratch: string): Promise<string> {
  const dir = await mkdtemp(join(scratch, `${basename(folder)}-`))
  await cp(join(GOLDEN_FORMATS, folder), dir, { recursive: true })
  return dir
}

/**
 * Codes and outputs of a dictionary, outputs from dense codes and from sparse ones; disposes it.
 * @throws when tensors are left behind
 */
export function runDictionary(dictionary: Dictionary, x: Float32Array, shape: readonly number[]) {
  const before = tf.memory().numTensors
  const result = tidyToHost(() => {
    const input = tf.tensor(x, [...shape])
    const acts = dictionary.encodeDense(input)
    const outputs = [acts, dictionary.encode(input)].map((codes) => dictionary.decode(codes, input))
    return { acts: acts.dataSync<'float32'>(), outputs: outputs.map((tensor) => tensor.dataSync<'float32'>()) }
  })
  dictionary.dispose()
  const left = tf.memory().numTensors - before
  if (left !== 0) throw new Error(`${left} tensors are left behind`)
  return result
}

/** Largest difference, relative to the largest expected value. */
export function difference(computed: Float32Array, expected: Float32Array): number {
  if (computed.length !== expected.length) throw new Error(`${computed.length} values, expected ${expected.length}`)
  const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
  return computed.reduce((max, value, i) => Math.max(max, Math.abs(value - expected[i]!)), 0) / largest
}
