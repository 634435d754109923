/** Training on samples of known directions, to measure how many of them a dictionary finds. */
import { LoupeError } from '../errors'
import type { Stage } from '../progress'
import { createEngine } from '../sae/engines'
import type { EngineName } from '../sae/engines/names'
import { architectureNamed, architectureNames, type TrainConfig } from '../sae/architectures'
import type { EngineInfo } from '../sae/step/spec'
import { rowBatches, type SyntheticData } from '../sae/training/synthetic'
import { train } from '../sae/training/train'
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

const isEnough = (architecture: string) => (architectureNamed(architecture).needs ?? []).length === 0

/** Architectures that need only activations: samples of known directions have nothing else. */
export function knownDirectionsArchitectures(): string[] {
  return architectureNames().filter(isEnough)
}

/** @throws LoupeError for an unknown architecture, and for one that needs more than activations */
export function requireKnownDirections(architecture: string): void {
  if (isEnough(architecture)) return
  const needs = architectureNamed(architecture).needs!.map((need) => `${need}s`)
  throw new LoupeError(
    'bad-usage',
    `${architecture} also trains on ${needs.join(' and ')}, which samples of known directions do not have`,
    {
      remedy: `train it on a harvest: npx loupe train --architecture ${architecture}. Known directions work with ${knownDirectionsArchitectures().join(', ')}`,
    },
  )
}

/** Trains one dictionary on samples of known directions, and measures on held-out samples what it has found. */
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
