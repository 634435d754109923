/** Model folders in Hugging Face's layout: config.json and model.safetensors, or its shards with an index. */
import { access } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { LoupeError } from '../../errors'
import { readJsonIfPresent } from '../../json'
import { transpose } from '../../tensors/order'
import { openSafetensors, type SafetensorsFile } from '../../tensors/safetensors'
import type { TensorSpec, WeightReader } from '../families/family'
import { checkTensors, type NeededTensor } from './tensors'

const configSchema = z.looseObject({ model_type: z.string() })

const indexSchema = z.looseObject({
  weight_map: z.record(
    z.string(),
    z.string().regex(/^[^/\\]+\.safetensors$/, 'expected the name of a file in the same folder'),
  ),
})

export interface ModelFolder {
  /** `model_type` in config.json. */
  type: string
  config: unknown
  /** Absolute paths of the weight files, in the order of their names. */
  weightFiles: readonly string[]
  /** Checks that the tensors are there with these shapes, then reads them on demand. */
  weights(specs: readonly TensorSpec[]): WeightReader
  close(): Promise<void>
}

/** @throws LoupeError naming the file that is missing or damaged */
export async function openModelFolder(folder: string): Promise<ModelFolder> {
  const config = await readJsonIfPresent(join(folder, 'config.json'), configSchema)
  if (!config) {
    throw new LoupeError('bad-input', `${folder} has no config.json`, {
      remedy: 'a model folder contains config.json and model.safetensors, as Hugging Face writes them',
    })
  }
  const weightFiles = await findWeightFiles(folder)
  const files: SafetensorsFile[] = []
  const close = async () => void (await Promise.all(files.map((file) => file.close())))
  try {
    for (const path of weightFiles) files.push(await openSafetensors(path))
  } catch (error) {
    await close()
    throw error
  }
  const holders = new Map(files.flatMap((file) => [...file.tensors.keys()].map((name) => [name, file] as const)))
  const shapes = new Map(files.flatMap((file) => [...file.tensors]))
  return {
    type: config.model_type,
    config,
    weightFiles,
    weights(specs) {
      const neededFor = (spec: TensorSpec) => neededTensor(spec, shapes)
      checkTensors(specs.map(neededFor), shapes, basename(folder))
      return {
        read: async (spec) => {
          const { name, shape } = neededFor(spec)
          const values = await holders.get(name)!.read(name)
          return spec.huggingFaceTransposed ? transpose(values, shape[0]!, shape[1]!) : values
        },
      }
    },
    close,
  }
}

function neededTensor(spec: TensorSpec, inFiles: ReadonlyMap<string, unknown>): NeededTensor {
  const { huggingFace, huggingFaceAlternative, huggingFaceTransposed, shape } = spec
  const hasAlternative = huggingFaceAlternative !== undefined && inFiles.has(huggingFaceAlternative)
  return {
    name: hasAlternative && !inFiles.has(huggingFace) ? huggingFaceAlternative : huggingFace,
    shape: huggingFaceTransposed ? shape.toReversed() : shape,
  }
}

async function findWeightFiles(folder: string): Promise<string[]> {
  const index = await readJsonIfPresent(join(folder, 'model.safetensors.index.json'), indexSchema)
  const names = index ? [...new Set(Object.values(index.weight_map))].sort() : ['model.safetensors']
  const paths = names.map((name) => join(folder, name))
  for (const path of paths) {
    await access(path).catch((cause: unknown) => {
      throw new LoupeError('bad-input', `${folder} has no ${basename(path)}`, {
        remedy: 'Loupe reads weights as safetensors; convert other formats with the library that wrote them',
        cause,
      })
    })
  }
  return paths
}
