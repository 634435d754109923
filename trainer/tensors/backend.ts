/** Chooses and loads the tfjs backend that computes. */
import * as tf from '@tensorflow/tfjs-core'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import util from 'node:util'
import { LoupeError } from '../errors'
import { cpuFeatures } from './cpu'
import { nvidiaModels } from './gpu'
import { TENSORFLOW_VERSION } from './install/variants'

export const BACKEND_NAMES = ['tensorflow', 'wasm', 'cpu'] as const
export type BackendName = (typeof BACKEND_NAMES)[number]

export interface Backend {
  name: BackendName
  device: 'cpu' | 'cuda'
  /** For people: `tensorflow 2.21.0`. */
  version: string
  /**
   * Everything that decides the last bits of a result: library, device, instruction sets, threads. It is part of the
   * provenance of every reproducible result. One harvest or run has one fingerprint.
   */
  fingerprint: string
}

const require = createRequire(import.meta.url)
let loaded: Backend | undefined

/** The backend in use. Throws if no backend is loaded, which is a defect of the caller. */
export function currentBackend(): Backend {
  if (!loaded) throw new Error('loadBackend() must be awaited before tensors are used')
  return loaded
}

/**
 * Loads a backend once per process and makes it tfjs's default. `auto` is TensorFlow if it is installed, otherwise
 * wasm. `cpu` is tfjs's plain JavaScript, for tests. `LOUPE_BACKEND` overrides `auto`.
 */
export async function loadBackend(prefer: 'auto' | BackendName = 'auto'): Promise<Backend> {
  const wanted = prefer === 'auto' ? environmentChoice() : prefer
  if (loaded && (wanted === 'auto' || wanted === loaded.name)) return loaded
  if (wanted === 'tensorflow') loaded = loadTensorflow()
  else if (wanted === 'auto') loaded = await loadBest()
  else loaded = await loadPortable(wanted)
  return loaded
}

function environmentChoice(): 'auto' | BackendName {
  const choice = process.env['LOUPE_BACKEND'] ?? 'auto'
  if (choice === 'auto' || (BACKEND_NAMES as readonly string[]).includes(choice)) return choice as 'auto' | BackendName
  throw new LoupeError('bad-usage', `LOUPE_BACKEND is "${choice}"`, {
    remedy: `set it to auto, ${BACKEND_NAMES.join(', ')}, or leave it unset`,
  })
}

async function loadBest(): Promise<Backend> {
  try {
    return loadTensorflow()
  } catch (error) {
    if (error instanceof LoupeError && error.code === 'unavailable') return loadPortable('wasm')
    throw error
  }
}

function loadTensorflow(): Backend {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '3'
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true'
  // By default TensorFlow uses oneDNN only on processors with instructions for neural networks. Without oneDNN, products
  // of few rows take up to twenty times as long on AVX2 (bench/RESULTS.md).
  process.env['TF_ENABLE_ONEDNN_OPTS'] ??= '1'
  // On a GPU, TensorFlow rounds the factors of products to 11 bits by default. Engines promise float32.
  process.env['NVIDIA_TF32_OVERRIDE'] ??= '0'
  restoreRemovedUtilities()
  try {
    require('@tensorflow/tfjs-node-gpu')
  } catch (cause) {
    throw new LoupeError('unavailable', 'TensorFlow is not set up', { remedy: 'run `npx loupe setup`', cause })
  }
  // The import makes it the default only once. This call makes it the default again after another backend was in use.
  tf.setBackend('tensorflow').catch(() => undefined)
  const device = (tf.backend() as unknown as { isUsingGpuDevice: boolean }).isUsingGpuDevice ? 'cuda' : 'cpu'
  const machine = device === 'cuda' ? graphicsName() : processorName()
  return {
    name: 'tensorflow',
    device,
    version: `tensorflow ${TENSORFLOW_VERSION}`,
    fingerprint: `tensorflow ${TENSORFLOW_VERSION} ${device} (${machine})`,
  }
}

/** What decides the last bits on a CPU: instruction sets, threads, and the library of products. */
function processorName(): string {
  const products = process.env['TF_ENABLE_ONEDNN_OPTS'] === '0' ? ', without oneDNN' : ''
  return `${cpuFeatures().join('+')}, ${availableParallelism()} threads${products}`
}

/** What decides them on a GPU: its model, and whether products round their factors to TensorFloat-32. */
function graphicsName(): string {
  const products = process.env['NVIDIA_TF32_OVERRIDE'] === '0' ? '' : ', TensorFloat-32'
  return (nvidiaModels().join('+') || 'unknown GPU') + products
}

/** Node 23 removed two helpers that tfjs-node still calls. */
function restoreRemovedUtilities(): void {
  const legacy = util as unknown as Record<string, unknown>
  legacy['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined
  legacy['isArray'] ??= (value: unknown) => Array.isArray(value)
}

async function loadPortable(name: 'wasm' | 'cpu'): Promise<Backend> {
  if (name === 'wasm') {
    const wasm = await import('@tensorflow/tfjs-backend-wasm')
    wasm.setWasmPaths(join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist') + '/')
  } else {
    await import('@tensorflow/tfjs-backend-cpu')
  }
  await tf.setBackend(name)
  await tf.ready()
  const version = `${name} (tfjs ${tf.version_core})`
  return { name, device: 'cpu', version, fingerprint: version }
}
