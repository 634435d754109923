/** Names of the engines, without the engines: enough to check a setting without loading them. */
import { LoupeError, unknownName } from '../../errors'
import type { BackendName } from '../../tensors/backend'
import type { EngineInfo } from '../step/spec'

export const ENGINE_NAMES = ['auto', 'tensorflow', 'reference'] as const
export type EngineName = (typeof ENGINE_NAMES)[number]

/**
 * The engine that a name means on a backend. `auto` is the fastest one that runs there: TensorFlow's kernels, or else
 * plain tfjs ops.
 * @throws LoupeError when this engine does not run on the backend
 */
export function resolveEngine(name: string, backend: BackendName): EngineInfo['name'] {
  switch (name) {
    case 'auto':
      return backend === 'tensorflow' ? 'tensorflow' : 'reference'
    case 'tensorflow':
      if (backend === 'tensorflow') return name
      throw new LoupeError('unavailable', `the engine "tensorflow" does not run on the backend "${backend}"`, {
        remedy: 'run `npx loupe setup`, or choose --engine auto',
      })
    case 'reference':
      return name
    default:
      throw unknownName('engine', name, ENGINE_NAMES)
  }
}
