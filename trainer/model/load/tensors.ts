import { LoupeError } from '../../errors'
import type { TensorSpec } from '../families/family'

/**
 * Checks that a file holds every tensor a model needs, in the right shape, before any is read.
 * @param nameOf the tensor's name in this file format
 * @throws LoupeError naming what is missing, or the first wrong shape
 */
export function checkTensors(
  specs: readonly TensorSpec[],
  nameOf: (spec: TensorSpec) => string,
  found: ReadonlyMap<string, { shape: readonly number[] }>,
  source: string,
): void {
  const missing = specs.map(nameOf).filter((name) => !found.has(name))
  if (missing.length > 0) {
    const list = missing.slice(0, 3).join(', ') + (missing.length > 3 ? ', …' : '')
    throw new LoupeError('bad-input', `${source} lacks ${missing.length} of ${specs.length} tensors: ${list}`, {
      remedy: 'the file is incomplete, or its config belongs to another model',
    })
  }
  for (const spec of specs) {
    const shape = found.get(nameOf(spec))!.shape
    if (shape.join() !== spec.shape.join()) {
      const expected = `its config asks for [${spec.shape.join(', ')}]`
      throw new LoupeError('bad-input', `${source}: "${nameOf(spec)}" is [${shape.join(', ')}], ${expected}`, {
        remedy: 'weights and config must belong to the same model',
      })
    }
  }
}
