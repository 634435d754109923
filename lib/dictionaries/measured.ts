/** The harvest that a dictionary is measured on, and whether the two fit each other. */
import { LoupeError } from '../../trainer/errors'
import type { Dictionary } from '../../trainer/sae/dictionary/dictionary'
import type { MeasuredLayout } from '../../trainer/store/layout'
import type { Database } from '../db/connect'
import type { Harvest } from '../db/generated/client'
import { measuredLayoutOf, requireHarvest } from '../harvests/rows'
import { requireAttached, type DictionaryRow } from './rows'
import { isTranscoder, outputWidth } from '../../trainer/sae/dictionary/site'
import { openDictionary } from './weights'

/** Finished harvests that a dictionary can be measured on: of its model and hook, with the targets of a transcoder. */
export async function fittingHarvests(
  { prisma }: Database,
  { modelId, hook, targetHook, config }: Pick<DictionaryRow, 'modelId' | 'hook' | 'targetHook' | 'config'>,
): Promise<{ id: string; name: string }[]> {
  if (modelId === null || hook === null) return []
  const dOut = outputWidth(config)
  const targets = dOut === undefined ? {} : { dOut, ...(targetHook !== null && { targetHook }) }
  return prisma.harvest.findMany({
    where: { modelId, hook, status: 'finished', ...targets },
    orderBy: { createdAt: 'desc' },
    select: { id: true, name: true },
  })
}

/** The harvests that a page lets the reader choose from; undefined where the harvest of the training is known. */
export async function harvestChoices(
  database: Database,
  row: DictionaryRow,
): Promise<{ id: string; name: string }[] | undefined> {
  return row.origin === 'import' ? fittingHarvests(database, row) : undefined
}

/**
 * The harvest a dictionary is measured on: the one that is named, else the one it was trained on, else the only one
 * that fits.
 */
export async function harvestOf(database: Database, dictionary: DictionaryRow, nameOrId?: string): Promise<Harvest> {
  if (nameOrId !== undefined) return requireHarvest(database, nameOrId)
  const run = dictionary.runId ? await database.prisma.run.findUnique({ where: { id: dictionary.runId } }) : null
  // A dictionary that was made of a checkpoint does not belong to its run.
  const trainedOn = run?.harvestId ?? harvestInProvenance(dictionary)
  if (trainedOn !== undefined) return requireHarvest(database, trainedOn)
  const fitting = await fittingHarvests(database, dictionary)
  if (fitting.length === 1) return requireHarvest(database, fitting[0]!.id)
  const [reason, remedy] =
    fitting.length === 0
      ? ['no harvest is of its model and hook', `make one: npx loupe harvest --hook ${dictionary.hook ?? 'HOOK'}`]
      : ['several harvests fit it', `name one: ${fitting.map(({ name }) => `--harvest ${name}`).join(' or ')}`]
  throw new LoupeError('bad-usage', `the dictionary ${dictionary.name} was not trained here, and ${reason}`, { remedy })
}

function harvestInProvenance({ provenance }: DictionaryRow): string | undefined {
  const isRecord = typeof provenance === 'object' && provenance !== null && !Array.isArray(provenance)
  const harvest = isRecord ? provenance['harvest'] : undefined
  return typeof harvest === 'string' ? harvest : undefined
}

/**
 * Where a dictionary writes: where it reads; a transcoder where it was trained to. Where that is not known of an
 * imported transcoder: at the target hook of the harvest, undefined without one.
 */
export function writtenHook(
  row: Pick<DictionaryRow, 'config' | 'targetHook'>,
  harvest: { targetHook: string | null },
  hook: string,
): string | undefined {
  return isTranscoder(row) ? (row.targetHook ?? harvest.targetHook ?? undefined) : hook
}

/** A dictionary that is opened together with its harvest. Dispose the dictionary after use. */
export interface Measured {
  dictionary: Dictionary
  layout: MeasuredLayout
  modelId: string
  /** Where it reads. */
  hook: string
  /** Where it writes; undefined where that is not known. */
  writes: string | undefined
}

/** A dictionary together with the finished harvest it is measured on; refuses a harvest of another hook or model. */
export async function openMeasured(
  database: Database,
  spec: { dictionary: string; harvest: string },
): Promise<Measured> {
  const row = await database.prisma.dictionary.findUniqueOrThrow({ where: { id: spec.dictionary } })
  const { modelId, hook } = requireAttached(row)
  const harvest = await database.prisma.harvest.findUniqueOrThrow({ where: { id: spec.harvest } })
  requireFit(row, harvest)
  const layout = measuredLayoutOf(harvest)
  const dictionary = await openDictionary(database, row)
  return { dictionary, layout, modelId, hook, writes: writtenHook(row, harvest, hook) }
}

function requireFit(row: DictionaryRow, harvest: Harvest): void {
  if (harvest.hook !== row.hook) {
    throw new LoupeError(
      'mismatch',
      `the dictionary ${row.name} reads ${row.hook}, the harvest ${harvest.name} is of ${harvest.hook}`,
    )
  }
  if (harvest.modelId !== row.modelId) {
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
}
