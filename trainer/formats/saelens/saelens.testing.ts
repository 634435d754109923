/** Changes to folders in SAELens's layout, for the tests that read them. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeSafetensors, parseSafetensors } from '../../tensors/safetensors'

/** Sets keys of `cfg.json`; undefined removes a key. */
export async function editConfig(dir: string, changes: Record<string, unknown>): Promise<void> {
  const path = join(dir, 'cfg.json')
  const config = { ...(JSON.parse(await readFile(path, 'utf8')) as object), ...changes }
  await writeFile(path, JSON.stringify(config))
}

/** Changes `sae_weights.safetensors`. */
export async function editWeights(
  dir: string,
  change: (tensors: Record<string, { shape: number[]; data: Float32Array }>) => void,
) {
  const path = join(dir, 'sae_weights.safetensors')
  const blob = parseSafetensors(await readFile(path))
  const tensors = Object.fromEntries(
    [...blob.tensors].map(([name, { shape }]) => [name, { shape, data: blob.read(name) }]),
  )
  change(tensors)
  await writeFile(path, encodeSafetensors(tensors))
}
