import { expect, it } from 'vitest'
import { engineName } from './engineName'

it('names the library and the device of an engine, without instruction sets and threads', () => {
  const machine = '(x64+avx2+fma+avx512f+avx512_vnni+avx512_bf16, 8 threads, without oneDNN)'
  expect(engineName(`tensorflow 2.21.0 cpu ${machine}`)).toBe('TensorFlow 2.21.0 · CPU')
  expect(engineName('tensorflow 2.21.0 cuda (NVIDIA H200)')).toBe('TensorFlow 2.21.0 · GPU')
  expect(engineName(`reference on tensorflow 2.21.0 cpu ${machine}`)).toBe('reference on TensorFlow 2.21.0 · CPU')
})

it('leaves short names as they are', () => {
  for (const name of ['wasm (tfjs 4.22.0)', 'auto', 'tensorflow', '']) expect(engineName(name)).toBe(name)
})
