/** Starting a run with the weights of a checkpoint: another schedule, and another method where the shapes agree. */
import { LoupeError } from '../../errors'
import type { FoldedDictionary } from '../architectures/record'
import type { Checkpoint } from './checkpoint'
import { FIRING, parameterShapes, SELECTION_PREFIX, withoutPrefix } from '../step/state'
import { architectureNamed, resolveTrainConfig, type TrainConfig } from '../architectures'
import type { EngineSpec, Parameters, TrainEngine } from '../step/spec'

/**
 * Prepares an engine to start with the trained tensors of a checkpoint and the densities of its latents, by which Feature
 * Choice ranks. Tensors that only `initial` has start over, and so do moments, counters and thresholds. The calibration of
 * `spec` must be the checkpoint's: its weights are in its scaled units.
 * @throws LoupeError as `parametersFrom`
 */
export async function initFrom(
  engine: TrainEngine,
  checkpoint: Checkpoint,
  spec: EngineSpec,
  initial: Parameters,
): Promise<void> {
  await engine.init(spec, parametersFrom(checkpoint, spec, initial))
  const { step, tensors } = await engine.state()
  const density = checkpoint.state.tensors[FIRING.density]!
  await engine.load({ step, tensors: { ...tensors, [FIRING.density]: density } })
}

/**
 * The trained tensors of a checkpoint, for a run of `spec`, and the tensors that only `initial` has.
 * @throws LoupeError `mismatch` naming every tensor that differs in shape, or has no place in the new run
 */
function parametersFrom(checkpoint: Checkpoint, spec: EngineSpec, initial: Parameters): Parameters {
  const trained = trainedTensors(checkpoint)
  requireFitting(Object.fromEntries(Object.entries(trained).map(([name, { shape }]) => [name, shape])), spec)
  return { ...initial, ...trained }
}

/**
 * The same check for settings, before anything is computed.
 * @throws LoupeError as `parametersFrom`
 */
export function requireFittingConfig(parent: TrainConfig, child: TrainConfig): void {
  // Shapes do not depend on what is measured of the activations.
  const unmeasured = { inputScale: 1, targetScale: 1, mseScale: 1, centre: new Float32Array(0) }
  const specOf = (config: TrainConfig) => architectureNamed(config.architecture).spec(config, unmeasured)
  requireFitting(parameterShapes(specOf(parent)), specOf(child))
}

/** @param trained shapes by name */
function requireFitting(trained: Readonly<Record<string, readonly number[]>>, spec: EngineSpec): void {
  const shapes = parameterShapes(spec)
  const problems = Object.entries(trained).flatMap(([name, shape]) => {
    const wanted = shapes[name]
    if (!wanted) return [`${name} [${shape.join(', ')}] has no place in this run`]
    return wanted.join() === shape.join() ? [] : [`${name} is [${shape.join(', ')}], not [${wanted.join(', ')}]`]
  })
  if (problems.length > 0) {
    throw new LoupeError('mismatch', `the checkpoint does not fit this run: ${problems.join('; ')}`, {
      remedy: 'use the architecture and d_sae it was trained with, and a harvest of the same hook',
    })
  }
}

/** The dictionary of a run that ends at this checkpoint. */
export function foldCheckpoint(checkpoint: Checkpoint): FoldedDictionary {
  const config = resolveTrainConfig(checkpoint.config)
  const carried = withoutPrefix(checkpoint.state.tensors, SELECTION_PREFIX)
  return architectureNamed(config.architecture).fold(
    config,
    trainedTensors(checkpoint),
    checkpoint.calibration,
    carried,
  )
}

/** The tensors that have moments: nothing else in a checkpoint says what is trained. */
function trainedTensors({ state: { tensors } }: Checkpoint): Parameters {
  const names = Object.keys(withoutPrefix(tensors, 'adam.m.'))
  return Object.fromEntries(names.map((name) => [name, tensors[name]!]))
}
