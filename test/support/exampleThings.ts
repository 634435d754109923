/** The newest thing of each kind in a running workbench, for the example addresses of `app/places.ts`. */
import { ok, type Api } from '../../lib/api/client/client'
import type { ExampleThings } from '../../app/places'

/** @param word the example feature fires on it */
export async function findExampleThings(api: Api, word: string): Promise<ExampleThings> {
  const { dictionaries } = await ok(api.GET('/api/v1/dictionaries'))
  const dictionary = dictionaries.find(({ features, targetHook }) => features !== null && targetHook === null)
  if (!dictionary) throw new Error('examples need a dictionary to steer, with feature statistics: npm run demo')
  const params = { path: { id: dictionary.id }, query: { text: word } }
  const [{ features }, { runs }, { jobs }, { harvests }, { generations }, { sweeps }] = await Promise.all([
    ok(api.GET('/api/v1/dictionaries/{id}/search', { params })),
    ok(api.GET('/api/v1/runs')),
    ok(api.GET('/api/v1/jobs')),
    ok(api.GET('/api/v1/harvests')),
    ok(api.GET('/api/v1/generations')),
    ok(api.GET('/api/v1/sweeps')),
  ])
  const run = runs.find((candidate) => candidate.dictionary?.id === dictionary.id) ?? runs[0]
  const sweep = (sweeps.find((candidate) => candidate.runs.finished > 1) ?? sweeps[0])?.id
  return {
    dictionary: dictionary.id,
    feature: features[0]?.index ?? 0,
    run: run?.id,
    sweep,
    job: jobs[0]?.id,
    harvest: harvests[0]?.id,
    generation: generations[0]?.id,
    pair: (await pairOf(api, sweep)) ?? [dictionary.id, dictionary.id],
  }
}

/** The first two dictionaries of a sweep. */
async function pairOf(api: Api, sweep: string | undefined): Promise<[string, string] | undefined> {
  if (sweep === undefined) return undefined
  const { members } = (await ok(api.GET('/api/v1/sweeps/{id}', { params: { path: { id: sweep } } }))).sweep
  const [a, b] = members.flatMap(({ dictionary }) => dictionary?.id ?? [])
  return a !== undefined && b !== undefined ? [a, b] : undefined
}
