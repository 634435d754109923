/** From the tensors of a file, named and laid out as its library likes, to those of a dictionary. */
import { LoupeError } from '../errors'
import { checkValues, expectedShapes, type DictionaryConfig, type DictionaryTensors } from '../sae/dictionary/config'
import type { NamedTensor } from '../sae/dictionary/types'
import { transpose } from './containers/order'
import type { WeightsFile } from './containers/weights'

/** The name of a tensor in the file. */
interface Place {
  name: string
  /** It lies there as `[columns, rows]`, as the weights of `nn.Linear` do. */
  transposed?: boolean
}

/** By the dictionary's names of its tensors. */
export type Layout = Readonly<Record<string, Place>>

/** @throws LoupeError where a tensor is not there or not a matrix: the widths of a dictionary are read off it */
export function matrixShape(file: WeightsFile, name: string, source: string): [number, number] {
  const tensor = file.tensors.get(name)
  if (!tensor) throw missing(source, name, file)
  const [rows, columns] = tensor.shape
  if (tensor.shape.length === 2 && rows && columns) return [rows, columns]
  throw new LoupeError('bad-input', `${source}: ${name} has the shape [${tensor.shape.join(', ')}], expected a matrix`)
}

/**
 * Reads the tensors of a dictionary; names and shapes are compared first, so that nothing large is read from a file
 * that cannot fit.
 * @param ignored tensors of the file that say nothing about what the dictionary computes
 * @throws LoupeError for tensors that are missing, unexpected, misshapen or not finite, by their names in the file
 */
export async function readTensors(
  file: WeightsFile,
  config: DictionaryConfig,
  layout: Layout,
  source: string,
  ignored: readonly string[] = [],
): Promise<DictionaryTensors> {
  const expected = Object.entries(expectedShapes(config))
  for (const [own, shape] of expected) checkShape(file, layout[own]!, shape, source)
  const known = [...expected.map(([own]) => layout[own]!.name), ...ignored]
  const surplus = [...file.tensors.keys()].filter((name) => !known.includes(name))
  if (surplus.length > 0) {
    throw new LoupeError('bad-input', `${source}: unexpected tensors ${surplus.slice(0, 8).join(', ')}`, {
      remedy: `expected ${known.join(', ')}: is it another architecture?`,
    })
  }
  const tensors: Record<string, NamedTensor> = {}
  for (const [own, shape] of expected) {
    const { name, transposed } = layout[own]!
    const data = await file.read(name)
    checkValues({ [name]: { shape, data } }, source)
    tensors[own] = { shape, data: transposed ? transpose(data, shape[1]!, shape[0]!) : data }
  }
  return tensors
}

function checkShape(file: WeightsFile, { name, transposed }: Place, own: readonly number[], source: string): void {
  const tensor = file.tensors.get(name)
  if (!tensor) throw missing(source, name, file)
  const shape = transposed ? own.toReversed() : own
  if (tensor.shape.join() === shape.join()) return
  throw new LoupeError(
    'bad-input',
    `${source}: ${name} has the shape [${tensor.shape.join(', ')}], expected [${shape.join(', ')}]`,
  )
}

function missing(source: string, name: string, { tensors }: WeightsFile): LoupeError {
  const names = [...tensors.keys()].slice(0, 12).join(', ') || 'none'
  return new LoupeError('bad-input', `${source}: there is no tensor ${name}`, { remedy: `it holds ${names}` })
}
