/** From the tensors of a file, in the names and the layout of its library, to the tensors of a dictionary. */
import { LoupeError } from '../errors'
import { checkValues, expectedShapes, type DictionaryConfig, type DictionaryTensors } from '../sae/dictionary/config'
import type { NamedTensor } from '../tensors/arrays'
import { transpose } from '../tensors/order'
import type { WeightsFile } from './containers/weights'

/** A tensor in the file. */
interface StoredTensor {
  name: string
  /** The file holds it as `[columns, rows]`, as `nn.Linear` holds weights. */
  transposed?: boolean
}

/** By the dictionary's names of its tensors. */
export type Layout = Readonly<Record<string, StoredTensor>>

/** @throws LoupeError where a tensor is missing or not a matrix: its shape is the widths of a dictionary */
export function matrixShape(file: WeightsFile, name: string, source: string): [number, number] {
  const tensor = file.tensors.get(name)
  if (!tensor) throw missing(source, name, file)
  const [rows, columns] = tensor.shape
  if (tensor.shape.length === 2 && rows && columns) return [rows, columns]
  throw new LoupeError('bad-input', `${source}: ${name} has the shape [${tensor.shape.join(', ')}], expected a matrix`)
}

/**
 * Reads the tensors of a dictionary; names and shapes are compared first, so that nothing large is read from a file
 * of another shape.
 * @param ignored tensors of the file that do not change what the dictionary computes
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
  for (const [tensor, shape] of expected) checkShape(file, layout[tensor]!, shape, source)
  const known = [...expected.map(([tensor]) => layout[tensor]!.name), ...ignored]
  const surplus = [...file.tensors.keys()].filter((name) => !known.includes(name))
  if (surplus.length > 0) {
    throw new LoupeError('bad-input', `${source}: unexpected tensors ${surplus.slice(0, 8).join(', ')}`, {
      remedy: `expected ${known.join(', ')}: is it another architecture?`,
    })
  }
  const tensors: Record<string, NamedTensor> = {}
  for (const [tensor, shape] of expected) {
    const { name, transposed } = layout[tensor]!
    const data = await file.read(name)
    checkValues({ [name]: { shape, data } }, source)
    tensors[tensor] = { shape, data: transposed ? transpose(data, shape[1]!, shape[0]!) : data }
  }
  return tensors
}

function checkShape(
  file: WeightsFile,
  { name, transposed }: StoredTensor,
  needed: readonly number[],
  source: string,
): void {
  const tensor = file.tensors.get(name)
  if (!tensor) throw missing(source, name, file)
  const shape = transposed ? needed.toReversed() : needed
  if (tensor.shape.join() === shape.join()) return
  throw new LoupeError(
    'bad-input',
    `${source}: ${name} has the shape [${tensor.shape.join(', ')}], expected [${shape.join(', ')}]`,
  )
}

function missing(source: string, name: string, { tensors }: WeightsFile): LoupeError {
  const names = [...tensors.keys()].slice(0, 12).join(', ') || 'none'
  return new LoupeError('bad-input', `${source}: there is no tensor ${name}`, { remedy: `the file contains ${names}` })
}
