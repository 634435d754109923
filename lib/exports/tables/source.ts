/** The source of an export: one dictionary with finished statistics, its harvest, vocabulary and contexts. */
import { LoupeError } from '../../../trainer/errors'
import type { Database } from '../../db/connect'
import type { Corpus, FeatureSet, Harvest, Model } from '../../db/generated/client'
import type { DictionaryRow } from '../../dictionaries/rows'
import { layoutOf } from '../../harvests/rows'
import { readVocabulary, type Vocabulary } from '../../models/vocabulary'
import { createContextReader, type ContextReader } from './contexts'

export interface ExportSource {
  database: Database
  dictionary: DictionaryRow
  weightsHash: string
  statistics: FeatureSet
  harvest: Harvest & { model: Model; corpus: Corpus }
  vocabulary: Vocabulary
  contexts: ContextReader
  /** Later labels are left out, so that all parts of an export agree; null without labels. */
  labelsUntil: Date | null
  signal: AbortSignal
}

/** Features `[from, to)`. */
export interface FeatureRange {
  from: number
  to: number
}

export interface OpenOptions {
  signal: AbortSignal
  /** Default: the newest label. */
  labelsUntil?: Date | null
}

/** Throws `not-found` for a dictionary without statistics, `conflict` while a job computes them. */
export async function openSource(
  database: Database,
  dictionary: DictionaryRow,
  { signal, labelsUntil }: OpenOptions,
): Promise<ExportSource> {
  const { prisma, pool } = database
  const statistics = await requireStatistics(database, dictionary)
  const harvest = await prisma.harvest.findUniqueOrThrow({
    where: { id: statistics.harvestId },
    include: { model: true, corpus: true },
  })
  const weights = await prisma.blob.findUniqueOrThrow({ where: { id: dictionary.weightsId } })
  return {
    database,
    dictionary,
    statistics,
    harvest,
    signal,
    weightsHash: Buffer.from(weights.sha256).toString('hex'),
    vocabulary: await readVocabulary(database, harvest.modelId),
    contexts: createContextReader(pool, layoutOf(harvest)),
    labelsUntil: labelsUntil === undefined ? await newestLabel(database, dictionary.id) : labelsUntil,
  }
}

export const wholeRange = ({ dictionary }: ExportSource): FeatureRange => ({ from: 0, to: dictionary.dSae })

/** Call after the last row. Throws `conflict` if the statistics have changed since the export began. */
export async function requireUnchanged({ database, dictionary, statistics }: ExportSource): Promise<void> {
  const now = await requireStatistics(database, dictionary)
  if (now.finishedAt?.getTime() === statistics.finishedAt?.getTime()) return
  throw new LoupeError('conflict', `the statistics of ${dictionary.name} were computed again during the export`, {
    remedy: 'export it again, into a new folder',
  })
}

export function requireNotCancelled({ signal }: Pick<ExportSource, 'signal'>): void {
  if (signal.aborted) throw new LoupeError('cancelled', 'the export was cancelled')
}

async function requireStatistics({ prisma }: Database, { id, name }: DictionaryRow): Promise<FeatureSet> {
  const statistics = await prisma.featureSet.findUnique({ where: { dictionaryId: id } })
  const remedy = `compute them: loupe dashboards --dictionary ${name}`
  if (!statistics) throw new LoupeError('not-found', `there are no statistics of the dictionary ${name}`, { remedy })
  if (statistics.status === 'finished') return statistics
  throw new LoupeError('conflict', `the statistics of the dictionary ${name} are not finished`, { remedy })
}

async function newestLabel({ prisma }: Database, dictionaryId: string): Promise<Date | null> {
  const { _max } = await prisma.label.aggregate({ where: { dictionaryId }, _max: { createdAt: true } })
  return _max.createdAt
}
