/** One interface to the containers of weights: tensors by name, read on demand, and the other entries. */
import { extname } from 'node:path'
import { LoupeError } from '../../errors'
import { openSafetensors } from '../../tensors/safetensors'
import { openNpz } from './npz'
import { openTorch, TorchTensor } from './torch'

export interface WeightsFile {
  readonly tensors: ReadonlyMap<string, { readonly shape: readonly number[] }>
  /** Entries that are not tensors. */
  readonly values: ReadonlyMap<string, unknown>
  /** Row-major, as f32. */
  read(name: string): Promise<Float32Array>
  close(): Promise<void> | void
}

const OPENERS: Readonly<Record<string, (path: string, source: string) => Promise<WeightsFile>>> = {
  '.safetensors': async (path) => ({ ...(await openSafetensors(path)), values: new Map() }),
  '.npz': async (path) => {
    const { arrays, read, close } = await openNpz(path)
    return { tensors: arrays, values: new Map(), read, close }
  },
  '.pt': openStateDict,
  '.pth': openStateDict,
}

/** File extensions that `openWeights` opens. */
export const WEIGHTS_EXTENSIONS: readonly string[] = Object.keys(OPENERS)

/**
 * Opens a file of tensors by its extension.
 * @throws LoupeError naming the file, its contents and what was expected
 */
export async function openWeights(path: string, source: string): Promise<WeightsFile> {
  const open = OPENERS[extname(path)]
  if (open) return open(path, source)
  throw new LoupeError('unsupported', `${source} is not a file of weights that Loupe reads`, {
    remedy: `Loupe reads ${WEIGHTS_EXTENSIONS.join(', ')}`,
  })
}

async function openStateDict(path: string, source: string): Promise<WeightsFile> {
  const file = await openTorch(path)
  const { contents } = file
  if (!(contents instanceof Map)) {
    file.close()
    throw new LoupeError('bad-input', `${source} has no state dict, expected tensors by name`, {
      remedy: 'save it with torch.save(module.state_dict(), path)',
    })
  }
  const all = [...(contents as Map<unknown, unknown>)]
  const entries = all.filter((entry): entry is [string, unknown] => typeof entry[0] === 'string')
  const tensors = new Map(entries.filter((entry): entry is [string, TorchTensor] => entry[1] instanceof TorchTensor))
  return {
    tensors,
    values: new Map(entries.filter(([, value]) => !(value instanceof TorchTensor))),
    read: (name) => file.read(tensors.get(name)!),
    close: () => file.close(),
  }
}
