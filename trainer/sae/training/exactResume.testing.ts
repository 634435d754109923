/**
 * Trains every architecture of the registry on a few synthetic rows, with a checkpoint in a file after each step, and
 * continues from the checkpoints it finds there: `node --import tsx exactResume.testing.ts ENGINE FOLDER`. It prints a
 * line for each checkpoint, so that the test can kill it anywhere.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { silentStage } from '../../progress'
import { loadBackend } from '../../tensors/backend'
import { architectureNames } from '../architectures'
import { createEngine } from '../engines'
import type { EngineName } from '../engines/names'
import { tinyBatches, tinyConfig } from './tiny.testing'
import { train } from './train'

/** Writes `NAME.weights` for each architecture. */
export async function trainAll(engineName: EngineName, folder: string, onCheckpoint: () => void): Promise<void> {
  const replace = (path: string, bytes: Uint8Array) => {
    writeFileSync(`${path}.new`, bytes)
    renameSync(`${path}.new`, path)
  }
  for (const name of architectureNames()) {
    const [weights, saved] = [join(folder, `${name}.weights`), join(folder, `${name}.checkpoint`)]
    if (existsSync(weights)) continue
    const config = tinyConfig(name)
    const engine = createEngine(engineName)
    const { checkpoint } = await train({
      config,
      engine,
      stage: silentStage(),
      batches: (startRow) => tinyBatches(config, startRow),
      ...(existsSync(saved) && { resumeFrom: readFileSync(saved) }),
      checkpointEverySteps: 1,
      onCheckpoint(_at, bytes) {
        replace(saved, bytes)
        onCheckpoint()
      },
    })
    replace(weights, await checkpoint())
    engine.dispose()
  }
}

const [, script, engine, folder] = process.argv
if (script && import.meta.url === pathToFileURL(script).href) {
  await loadBackend('tensorflow')
  await trainAll(engine as EngineName, folder!, () => void process.stdout.write('checkpoint\n'))
}
