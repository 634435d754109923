/** How many of the known directions a dictionary has found, and how well it reconstructs samples of them. */
import { activeIn } from '../sae/codes/codes'
import type { EncodingPass, TrainEngine } from '../sae/step/spec'
import { bestCosines, type SyntheticData } from '../sae/training/synthetic'
import { correlation, mean } from './correlation'
import { ReconstructionMeter } from './reconstruction'

/** Cosine from which a direction counts as found. */
const FOUND = 0.9

export interface RecoveryFigures {
  /** Mean over true directions of the largest cosine with a decoder row. */
  meanMaxCosine: number
  /** Share of the true directions with a decoder row of cosine above 0.9. */
  found: number
  /** Of the held-out samples, by the inference rule. */
  explainedVariance: number
  nmse: number
  l0: number
  deadShare: number
  /** The same samples by the training rule, in batches of the run's size. */
  training: { nmse: number; l0: number }
  /** Correlation of a sample's L0 with the number of directions it is made of; null where L0 does not vary. */
  countCorrelation: number | null
}

/**
 * @param engine trained; it encodes by the inference rule
 * @param W_dec `[d_sae, d_in]`
 * @param heldOut samples of the directions that it was not trained on
 * @param batchSize of the run; samples beyond the last whole batch are left out
 */
export async function measureRecovery(
  engine: Pick<TrainEngine, 'encode' | 'decode'>,
  W_dec: Float32Array,
  { directions, x, active }: SyntheticData,
  { d_in, batchSize }: { d_in: number; batchSize: number },
): Promise<RecoveryFigures> {
  const d_sae = W_dec.length / d_in
  const [inference, training] = [new ReconstructionMeter(d_in, d_sae), new ReconstructionMeter(d_in, d_sae)]
  const l0: number[] = []
  const pass: EncodingPass = {}
  for (let from = 0; from + batchSize * d_in <= x.length; from += batchSize * d_in) {
    const rows = x.slice(from, from + batchSize * d_in)
    const codes = await engine.encode(rows)
    inference.add(rows, await engine.decode(codes), codes)
    for (let row = 0; row < codes.n; row++) l0.push(activeIn(codes, row))
    const trained = await engine.encode(rows, { by: 'training', pass })
    training.add(rows, await engine.decode(trained), trained)
  }
  const { explainedVariance, nmse, l0: meanL0, deadShare } = inference.figures()
  const byTraining = training.figures()
  return {
    ...directionsFound(directions, W_dec, d_in),
    explainedVariance: explainedVariance!,
    nmse: nmse!,
    l0: meanL0,
    deadShare,
    training: { nmse: byTraining.nmse!, l0: byTraining.l0 },
    countCorrelation: correlation(l0, active.subarray(0, l0.length)),
  }
}

/** @param directions `[count, d_in]`. @param W_dec `[d_sae, d_in]` */
export function directionsFound(
  directions: Float32Array,
  W_dec: Float32Array,
  d_in: number,
): Pick<RecoveryFigures, 'meanMaxCosine' | 'found'> {
  const cosines = bestCosines(directions, W_dec, d_in)
  return {
    meanMaxCosine: mean(cosines),
    found: cosines.filter((cosine) => cosine > FOUND).length / cosines.length,
  }
}
