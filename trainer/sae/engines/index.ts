/** The engines. A new one is its folder, its name, a line in the tests of engines, and a line here. */
import { currentBackend } from '../../tensors/backend'
import type { TrainEngine } from '../step/spec'
import { resolveEngine } from './names'
import { createReferenceEngine } from './reference/engine'
import { createTensorflowEngine } from './tensorflow/engine'

const ENGINES = { reference: createReferenceEngine, tensorflow: () => createTensorflowEngine() }

/** An engine on the current backend. Throws LoupeError when it does not run there. */
export function createEngine(name: string): TrainEngine {
  return ENGINES[resolveEngine(name, currentBackend().name)]()
}
