import type { Stage } from '../progress'
import { createEngine } from '../sae/engines'
import type { EngineName } from '../sae/engines/names'
import type { TrainConfig } from '../sae/registry'
import type { EngineInfo } from '../sae/spec'
import { rowBatches, type SyntheticData } from '../sae/synthetic'
import { train } from '../sae/train'
import { measureRecovery, type RecoveryFigures } from './recovery'

export interface KnownDirections {
  train: SyntheticData
  heldOut: SyntheticData
}

export interface KnownDirectionsResult extends RecoveryFigures {
  steps: number
  learningRate: number
  samplesPerSecond: number
  engine: EngineInfo
}

/** Trains one dictionary on samples of known directions and measures on held-out samples what it found. */
export async function trainOnKnownDirections(
  config: TrainConfig,
  data: KnownDirections,
  { stage, engine: name }: { stage: Stage; engine: EngineName },
): Promise<KnownDirectionsResult> {
  const engine = createEngine(name)
  try {
    const started = performance.now()
    const { metrics } = await train({
      config,
      engine,
      batches: (startRow) => rowBatches(data.train.x, config.d_in, config.batchSize, startRow),
      stage,
    })
    const seconds = (performance.now() - started) / 1000
    const { W_dec } = await engine.params()
    const recovery = await measureRecovery(engine, W_dec!.data, data.heldOut, config)
    const { step: steps, tokens } = metrics
    const { learningRate } = config
    return { ...recovery, steps, learningRate, samplesPerSecond: tokens / seconds, engine: engine.info }
  } finally {
    engine.dispose()
  }
}
