/** The engines, listed once; a new one is its file, a place in the tests of engines, and a line here. */
import { LoupeError, unknownName } from '../../errors'
import { currentBackend } from '../../tensors/backend'
import type { TrainEngine } from '../spec'
import { ReferenceEngine } from './reference'
import { TensorflowEngine } from './tensorflow'

export const ENGINE_NAMES = ['auto', 'tensorflow', 'reference'] as const
export type EngineName = (typeof ENGINE_NAMES)[number]

/**
 * An engine on the backend in use. `auto` is the fastest that runs there: TensorFlow's kernels, else plain tfjs ops.
 * @throws LoupeError when the backend cannot carry the engine asked for
 */
export function createEngine(name: string): TrainEngine {
  const backend = currentBackend().name
  switch (name) {
    case 'auto':
      return backend === 'tensorflow' ? new TensorflowEngine() : new ReferenceEngine()
    case 'tensorflow':
      if (backend === 'tensorflow') return new TensorflowEngine()
      throw new LoupeError('unavailable', `the engine "tensorflow" does not run on the backend "${backend}"`, {
        remedy: 'run `npx loupe setup`, or choose --engine auto',
      })
    case 'reference':
      return new ReferenceEngine()
    default:
      throw unknownName('engine', name, ENGINE_NAMES)
  }
}
