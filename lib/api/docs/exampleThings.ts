/** Reads from the database the names and ids that the examples on the page of the API use. */
import type { Database } from '../../db/connect'
import { requireDictionary, type DictionaryRow } from '../../dictionaries/rows'
import { FeatureQuery } from '../../features/querySchema'
import { listFeatures } from '../../features/list'
import { NOTHING, type ExampleThings } from '../example'

const newest = { orderBy: { createdAt: 'desc' }, select: { id: true } } as const
const named = { ...newest, select: { id: true, name: true } } as const

/** The newest row of each kind, and the newest dictionary that has statistics of its features. */
export async function exampleThings(database: Database): Promise<ExampleThings> {
  const { prisma } = database
  const [dictionary, harvest, model, run, job, preset, generation, sweep] = await Promise.all([
    prisma.dictionary.findFirst({
      where: { featureSet: { status: 'finished' } },
      orderBy: { createdAt: 'desc' },
      select: { id: true, name: true, modelId: true, hook: true, model: { select: { name: true } } },
    }),
    prisma.harvest.findFirst({ ...named, where: { status: 'finished' } }),
    prisma.model.findFirst(named),
    prisma.run.findFirst(newest),
    prisma.job.findFirst(newest),
    prisma.preset.findFirst(newest),
    prisma.generation.findFirst(newest),
    prisma.sweep.findFirst(newest),
  ])
  const kinds = { dictionaries: dictionary, models: model, harvests: harvest, runs: run, jobs: job }
  const rows = Object.entries({ ...kinds, presets: preset, generations: generation, sweeps: sweep })
  return {
    ...NOTHING,
    ids: Object.fromEntries(rows.map(([resource, row]) => [resource, row?.id])),
    ...(model && { model: model.name }),
    ...(harvest && { harvest: harvest.name }),
    ...(dictionary && {
      dictionary: dictionary.name,
      other: await otherThan(database, dictionary),
      ...(await strongestFeature(database, dictionary.id)),
    }),
    ...(dictionary?.model && { model: dictionary.model.name }),
  }
}

/** Another dictionary of the same model and hook, to compare with. */
async function otherThan(
  { prisma }: Database,
  { id, name, modelId, hook }: Pick<DictionaryRow, 'id' | 'name' | 'modelId' | 'hook'>,
): Promise<string> {
  const other = await prisma.dictionary.findFirst({ ...named, where: { modelId, hook, id: { not: id } } })
  return other?.name ?? name
}

async function strongestFeature(database: Database, id: string): Promise<Pick<ExampleThings, 'feature' | 'strength'>> {
  const query = FeatureQuery.parse({ sort: 'max', order: 'desc', limit: 1 })
  const { features } = await listFeatures(database, await requireDictionary(database, id), query)
  const [strongest] = features
  if (!strongest) return { feature: NOTHING.feature, strength: NOTHING.strength }
  return { feature: strongest.index, strength: Math.max(1, Math.round(strongest.maxActivation)) }
}
