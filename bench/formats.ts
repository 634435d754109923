/**
 * Exports the golden dictionaries in every layout that can hold them, with Loupe's codes and outputs, for formats_check.py:
 *
 *     npx tsx bench/formats.ts FOLDER
 *     python bench/peers/formats_check.py FOLDER
 */
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { importDictionary } from '../trainer/formats/locate'
import { GOLDEN_FORMATS, readGolden, runDictionary } from '../trainer/formats/golden.testing'
import { dictionaryFormat, formatNames } from '../trainer/formats'
import { Dictionary } from '../trainer/sae/dictionary/dictionary'
import { loadBackend } from '../trainer/tensors/backend'
import { encodeSafetensors } from '../trainer/tensors/safetensors'
import { LoupeError } from '../trainer/errors'

const [, , out = 'formats-export'] = process.argv
await loadBackend()
for (const library of await readdir(GOLDEN_FORMATS)) {
  for (const name of await readdir(join(GOLDEN_FORMATS, library))) await exportCase(library, name)
}

async function exportCase(library: string, name: string): Promise<void> {
  const { config, tensors, metadata } = await importDictionary(join(GOLDEN_FORMATS, library, name))
  const { x, shape } = await readGolden(`${library}/${name}`)
  const dir = join(out, `${library}-${name}`)
  await mkdir(dir, { recursive: true })
  const dictionary = Dictionary.create(config, tensors)
  for (const format of formatNames) {
    await dictionaryFormat(format)
      .export(dictionary, metadata, join(dir, format))
      .catch((error: unknown) => {
        if (!(error instanceof LoupeError) || error.code !== 'unsupported') throw error
      })
  }
  const { acts, outputs } = runDictionary(dictionary, x, shape)
  const n = shape[0]!
  const io = {
    x: { shape, data: x },
    acts: { shape: [n, config.d_sae], data: acts },
    recon: { shape: [n, config.d_out ?? config.d_in], data: outputs[0]! },
  }
  await writeFile(join(dir, 'io.safetensors'), encodeSafetensors(io))
}
