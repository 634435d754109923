/** The tensors of a file, checked against those that a model needs. */
import { LoupeError } from '../../errors'

/** A tensor that a model needs: its name and shape in the format of the file. */
export interface NeededTensor {
  name: string
  shape: readonly number[]
}

/**
 * Checks that a file holds every tensor a model needs, in the right shape, before any is read.
 * @throws LoupeError naming the missing tensors, or the first wrong shape
 */
export function checkTensors(
  needed: readonly NeededTensor[],
  inFile: ReadonlyMap<string, { shape: readonly number[] }>,
  source: string,
): void {
  const missing = needed.map(({ name }) => name).filter((name) => !inFile.has(name))
  if (missing.length > 0) {
    const list = missing.slice(0, 3).join(', ') + (missing.length > 3 ? ', …' : '')
    throw new LoupeError('bad-input', `${source} lacks ${missing.length} of ${needed.length} tensors: ${list}`, {
      remedy: 'the file is incomplete, or its config belongs to another model',
    })
  }
  for (const { name, shape: expected } of needed) {
    const { shape } = inFile.get(name)!
    if (shape.join() === expected.join()) continue
    throw new LoupeError(
      'bad-input',
      `${source}: "${name}" is [${shape.join(', ')}], its config needs [${expected.join(', ')}]`,
      {
        remedy: 'weights and config must belong to the same model',
      },
    )
  }
}
