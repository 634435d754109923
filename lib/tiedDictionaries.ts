/** Dictionaries that texts can be encoded and steered with: those tied to a model and a hook. */
import type { Database } from './db/connect'

export interface TiedDictionary {
  id: string
  name: string
  /** Name of the model. */
  model: string
  hook: string
  /** Number of features. */
  width: number
  /** Whether statistics of its features are there. */
  hasStatistics: boolean
}

/** Newest first, those with statistics before the others. */
export async function listTiedDictionaries({ prisma }: Database): Promise<TiedDictionary[]> {
  const rows = await prisma.dictionary.findMany({
    where: { modelId: { not: null }, hook: { not: null } },
    orderBy: { createdAt: 'desc' },
    select: {
      id: true,
      name: true,
      hook: true,
      dSae: true,
      model: { select: { name: true } },
      featureSet: { select: { status: true } },
    },
  })
  const listed = rows.map(({ id, name, hook, dSae, model, featureSet }) => ({
    id,
    name,
    model: model!.name,
    hook: hook!,
    width: dSae,
    hasStatistics: featureSet?.status === 'finished',
  }))
  return listed.sort((a, b) => Number(b.hasStatistics) - Number(a.hasStatistics))
}
