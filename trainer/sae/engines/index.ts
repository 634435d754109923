/** The engines; a new one is its file, its name, a place in the tests of engines, and a line here. */
import { currentBackend } from '../../tensors/backend'
import type { TrainEngine } from '../step/spec'
import { resolveEngine } from './names'
import { ReferenceEngine } from './reference/engine'
import { TensorflowEngine } from './tensorflow/engine'

const ENGINES = { reference: () => new ReferenceEngine(), tensorflow: () => new TensorflowEngine() }

/** An engine on the backend in use. Throws LoupeError when the backend cannot carry the engine asked for. */
export function createEngine(name: string): TrainEngine {
  return ENGINES[resolveEngine(name, currentBackend().name)]()
}
