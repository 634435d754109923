import { LoupeError } from '../../trainer/errors'
import { requireTied } from '../dictionaries'
import { openDictionary } from '../dictionaryWeights'
import { measuredLayoutOf } from '../harvests'
import type { JobContext } from './kind'

/** Where a dictionary writes: where it reads; a transcoder at the target hook of its harvest, undefined without one. */
export function writtenHook(config: unknown, harvest: { targetHook: string | null }, hook: string): string | undefined {
  const isTranscoder = (config as { d_out?: number }).d_out !== undefined
  return isTranscoder ? (harvest.targetHook ?? undefined) : hook
}

/** A dictionary together with the finished harvest it is measured on; refuses a harvest of another hook or model. */
export async function openMeasured({ database }: JobContext, spec: { dictionary: string; harvest: string }) {
  const row = await database.prisma.dictionary.findUniqueOrThrow({ where: { id: spec.dictionary } })
  const { modelId, hook } = requireTied(row)
  const harvest = await database.prisma.harvest.findUniqueOrThrow({ where: { id: spec.harvest } })
  if (harvest.hook !== hook) {
    throw new LoupeError(
      'mismatch',
      `the dictionary ${row.name} reads ${hook}, the harvest ${harvest.name} is of ${harvest.hook}`,
    )
  }
  if (harvest.modelId !== modelId) {
    throw new LoupeError(
      'mismatch',
      `the dictionary ${row.name} and the harvest ${harvest.name} are of different models`,
    )
  }
  const layout = measuredLayoutOf(harvest)
  const dictionary = await openDictionary(database, row)
  return { dictionary, layout, modelId, hook, writes: writtenHook(row.config, harvest, hook) }
}
