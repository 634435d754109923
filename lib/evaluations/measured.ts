import { LoupeError } from '../../trainer/errors'
import { isTranscoder } from '../dictionaries/site'
import { requireAttached, type DictionaryRow } from '../dictionaries/rows'
import { openDictionary } from '../dictionaries/weights'
import { measuredLayoutOf } from '../harvests/rows'
import type { JobContext } from '../jobs/kind'

/**
 * Where a dictionary writes: where it reads; a transcoder where it was trained to, or, if that is not known of an
 * imported one, at the target hook of the harvest, undefined without one.
 */
export function writtenHook(
  row: Pick<DictionaryRow, 'config' | 'targetHook'>,
  harvest: { targetHook: string | null },
  hook: string,
): string | undefined {
  return isTranscoder(row) ? (row.targetHook ?? harvest.targetHook ?? undefined) : hook
}

/** A dictionary together with the finished harvest it is measured on; refuses a harvest of another hook or model. */
export async function openMeasured({ database }: JobContext, spec: { dictionary: string; harvest: string }) {
  const row = await database.prisma.dictionary.findUniqueOrThrow({ where: { id: spec.dictionary } })
  const { modelId, hook } = requireAttached(row)
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
  if (isTranscoder(row) && row.targetHook && harvest.targetHook && row.targetHook !== harvest.targetHook) {
    throw new LoupeError(
      'mismatch',
      `the dictionary ${row.name} writes ${row.targetHook}, the targets of the harvest ${harvest.name} are of ${harvest.targetHook}`,
      { remedy: `give a harvest made with --target-hook ${row.targetHook}` },
    )
  }
  const layout = measuredLayoutOf(harvest)
  const dictionary = await openDictionary(database, row)
  return { dictionary, layout, modelId, hook, writes: writtenHook(row, harvest, hook) }
}
