/** Every loss part, listed once. A new one is its file, its test and a line in each list here. */
import { auxK, type AuxKLoss } from './auxK'
import { auxZipf, type AuxZipfLoss } from './auxZipf'
import { gatedAux, type GatedAuxLoss } from './gatedAux'
import { l0, type L0Loss } from './l0'
import { l1, type L1Loss } from './l1'
import { matryoshka, type MatryoshkaLoss } from './matryoshka'
import { mse, type MseLoss } from './mse'
import type { LossPart } from './loss'

export type LossSpec = MseLoss | MatryoshkaLoss | AuxKLoss | AuxZipfLoss | L1Loss | L0Loss | GatedAuxLoss

const PARTS = {
  mse,
  matryoshka,
  'aux-k': auxK,
  'aux-zipf': auxZipf,
  l1,
  l0,
  'gated-aux': gatedAux,
} satisfies { [Part in LossSpec['part']]: LossPart<Extract<LossSpec, { part: Part }>> }

export function lossPart(spec: LossSpec): LossPart<LossSpec> {
  return PARTS[spec.part]
}
