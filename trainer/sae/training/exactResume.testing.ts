/**
 * Trains every architecture of the registry on a few synthetic rows, with a checkpoint in a file after each step, and
 * goes on from what it finds there: `node --import tsx exactResume.testing.ts ENGINE FOLDER`. It tells of each
 * checkpoint in a line, so that whoever started it can kill it anywhere.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { silentStage } from '../../progress'
import { loadBackend } from '../../tensors/backend'
import { createRandom } from '../../tensors/random'
import { createEngine } from '../engines'
import type { EngineName } from '../engines/names'
import { architectureNamed, architectureNames, configFrom, type TrainConfig } from '../architectures'
import { rowBatches, syntheticData } from './synthetic'
import { train, type Batch } from './train'

const BATCH = 32
const SIZES = { d_in: 12, d_out: 9, d_sae: 40, k: 4, tokens: 14 * BATCH, batchSize: BATCH, deadAfterTokens: 4 * BATCH }

/** What makes the state of an architecture matter within so few steps. */
const FURTHER: Record<string, object> = {
  'mutual-choice': { tau: 0.5, zipfFit: true },
  'feature-choice': { mutualShare: 0.3, rankEvery: 4 },
  gradient: { inference: 'threshold' },
  matryoshka: { groups: [0.25, 0.75] },
}

/** The sizes, as far as an architecture knows them. */
export function tinyConfig(architecture: string, more: object = {}): TrainConfig {
  return configFrom(architecture, SIZES, { ...FURTHER[architecture], ...more })
}

const { x } = syntheticData({ d_in: SIZES.d_in, directions: 24, meanActive: 2, seed: 1 }, 500)

function* batchesFor(config: TrainConfig, startRow: number): Generator<Batch> {
  const { needs = [] } = architectureNamed(config.architecture)
  for (const batch of rowBatches(x, SIZES.d_in, BATCH, startRow)) {
    const random = createRandom(`beside ${batch.row}`)
    const rows = (width: number) => Float32Array.from({ length: BATCH * width }, () => random.normal())
    const target = needs.includes('target') && { target: rows(SIZES.d_out) }
    yield { ...batch, ...target, ...(needs.includes('gradient') && { gradient: rows(SIZES.d_in) }) }
  }
}

/** @returns nothing, but leaves `NAME.weights` for each architecture */
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
      batches: (startRow) => batchesFor(config, startRow),
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
