/** Held-out figures of a run, by the rule of inference (each token on its own) and by the rule of training. */
import type { EncodingPass, StepInput, TrainEngine } from '../sae/step/spec'
import type { Codes } from '../sae/codes/codes'
import { ReconstructionMeter, type ReconstructionFigures } from './reconstruction'

export interface EngineSizes {
  d_out: number
  d_sae: number
  /** Whether the training rule ranks by gradients. A batch without them is encoded by the rule of inference only. */
  needsGradient: boolean
}

/** By the rule of inference. */
export interface HeldOutFigures extends Omit<ReconstructionFigures, 'l1'> {
  /** Left out: an engine's codes are in its own scaled units. */
  l1?: undefined
  /** By the rule of training; absent where the two are the same. */
  byTraining?: Pick<ReconstructionFigures, 'l0' | 'explainedVariance' | 'nmse' | 'deadShare'>
}

/**
 * Codes of one batch by both rules; `training` is absent where it is the same, or needs a gradient that is missing.
 * @param pass the pass that this batch belongs to
 */
export async function encodeByBoth(
  engine: TrainEngine,
  { x, gradient }: StepInput,
  needsGradient: boolean,
  pass: EncodingPass,
): Promise<{ inference: Codes; training?: Codes }> {
  const inference = await engine.encode(x)
  if (needsGradient && !gradient) return { inference }
  const training = await engine.encode(x, { by: 'training', pass, ...(needsGradient && { gradient: gradient! }) })
  return isSame(inference, training) ? { inference } : { inference, training }
}

/** @param batches raw rows, a batch each selected together by the rule of training */
export async function measureBothRules(
  engine: TrainEngine,
  { d_out, d_sae, needsGradient }: EngineSizes,
  batches: readonly StepInput[],
): Promise<HeldOutFigures> {
  const meters = { inference: new ReconstructionMeter(d_out, d_sae), training: new ReconstructionMeter(d_out, d_sae) }
  const pass: EncodingPass = {}
  let differ = false
  for (const batch of batches) {
    const target = batch.target ?? batch.x
    const { inference, training } = await encodeByBoth(engine, batch, needsGradient, pass)
    const output = await engine.decode(inference, batch.x)
    meters.inference.add(target, output, inference)
    meters.training.add(target, training ? await engine.decode(training, batch.x) : output, training ?? inference)
    differ ||= training !== undefined
  }
  const { l0, explainedVariance, nmse, deadShare } = meters.training.figures()
  return {
    ...meters.inference.figures(),
    l1: undefined,
    ...(differ && { byTraining: { l0, explainedVariance, nmse, deadShare } }),
  }
}

function isSame(a: Codes, b: Codes): boolean {
  const agree = (left: ArrayLike<number>, right: ArrayLike<number>) => {
    for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false
    return left.length === right.length
  }
  return agree(a.offsets, b.offsets) && agree(a.indices, b.indices)
}
