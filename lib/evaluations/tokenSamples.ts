/** Single tokens that evaluations have kept: how much a dictionary spends on a token, against what the token is like. */
import { correlation } from '../../trainer/evaluate/correlation'
import type { TokenSample } from '../../trainer/evaluate/tokenSample'
import type { Database } from '../db/connect'
import { USUAL_EVALUATION } from './view'

export interface MeasuredSample extends TokenSample {
  /** Pearson's r of L0 and cross-entropy; null where one of them does not vary. */
  l0CrossEntropyCorrelation: number | null
  l0NormCorrelation: number | null
  engine: string
  /** ISO 8601. */
  measuredAt: string
}

/** Of the newest evaluation without first positions and sinks; null where none has kept tokens. */
export async function newestTokenSample({ prisma }: Database, dictionaryId: string): Promise<MeasuredSample | null> {
  const row = await prisma.evaluation.findFirst({
    where: { dictionaryId, ...USUAL_EVALUATION },
    orderBy: { createdAt: 'desc' },
  })
  const { sample } = (row?.metrics ?? {}) as { sample?: TokenSample }
  if (!row || !sample) return null
  return {
    ...sample,
    l0CrossEntropyCorrelation: correlation(sample.l0, sample.crossEntropy),
    l0NormCorrelation: correlation(sample.l0, sample.norm),
    engine: row.engine,
    measuredAt: row.createdAt.toISOString(),
  }
}
