/**
 * What the page of the API asks each route for. Paths are filled with what this machine has, so that the lines work as
 * they stand; a route needs a line here when its query or body has required fields, or is worth showing.
 */
import type { ExampleRequest } from './curl'

/** Things that examples can name; absent where there is none yet. */
export interface ExampleThings {
  /** Ids by the first segment of their routes: `dictionaries`, `runs`, … */
  ids: Readonly<Record<string, string | undefined>>
  /** Names: of a dictionary with features, of its model, of a harvest. */
  dictionary: string
  model: string
  /** Another dictionary of that model and hook, else the same. */
  other: string
  harvest: string
  /** A feature of that dictionary, and its largest activation. */
  feature: number
  strength: number
}

/** What stands in the examples of an empty database. */
export const NOTHING: ExampleThings = {
  ids: {},
  dictionary: 'DICTIONARY',
  other: 'OTHER',
  model: 'MODEL',
  harvest: 'HARVEST',
  feature: 0,
  strength: 10,
}

export type ExampleMaker = (method: string, path: string) => ExampleRequest | undefined

type Rest = Omit<ExampleRequest, 'path'>

const intervention = ({ model, dictionary, feature, strength }: ExampleThings) => ({
  model,
  prompt: 'Once upon a time',
  edits: [{ dictionary, feature, mode: 'add', strength }],
})

const sweep = ({ harvest }: ExampleThings) => ({
  harvest,
  base: { d_sae: 512, tokens: 100_000 },
  grid: { architecture: ['topk', 'batchtopk'], k: [16, 32] },
})

const REQUESTS: Readonly<Record<string, (things: ExampleThings) => Rest>> = {
  'GET /dictionaries/{id}/features': () => ({ query: { sort: 'max', order: 'desc', limit: 5 } }),
  'GET /dictionaries/{id}/tokens': () => ({ query: { text: ' year', limit: 5 } }),
  'GET /dictionaries/{id}/search': () => ({ query: { text: 'year', limit: 5 } }),
  'GET /dictionaries/{id}/figures': ({ feature }) => ({ query: { feature } }),
  'GET /dictionaries/{id}/export': () => ({ query: { what: 'labels', format: 'csv' } }),
  'POST /dictionaries/{id}/dashboards': () => ({ body: { tokens: 200_000 } }),
  'POST /dictionaries/{id}/evaluate': () => ({ body: { tokens: 8192 } }),
  'POST /dictionaries/{id}/suite': () => ({ body: { suite: ['influence'], features: 50, contexts: 16 } }),
  'PUT /dictionaries/{id}/features/{index}/label': () => ({ body: { text: 'years in dates' } }),
  'POST /encode': ({ dictionary }) => ({
    body: { text: 'In 1862 the war went on', dictionaries: [dictionary], top: 4 },
  }),
  'POST /steer': (things) => ({ body: intervention(things) }),
  'POST /presets': (things) => ({ body: { name: 'once upon a time', intervention: intervention(things) } }),
  'PUT /presets/{id}': () => ({ body: { name: 'a better name' } }),
  'POST /runs': ({ harvest }) => ({
    body: { harvest, architecture: 'topk', d_sae: 512, k: 16, tokens: 100_000, name: 'small' },
  }),
  'POST /sweeps': (things) => ({ body: { ...sweep(things), name: 'small' } }),
  'POST /sweeps/plan': (things) => ({ body: sweep(things) }),
  'GET /compare': ({ dictionary, other }) => ({ query: { a: dictionary, b: other, limit: 5 } }),
  'GET /runs/{id}/metrics': () => ({ query: { limit: 20 } }),
  'GET /jobs': () => ({ query: { limit: 5 } }),
}

/** Their bodies are what other routes gave, and too long to be shown. */
const WITHOUT = new Set(['POST /generations'])

/** @param prefix of the paths that the maker is asked for, e.g. `/api/v1` */
export function exampleMaker(things: ExampleThings, prefix: string): ExampleMaker {
  return (method, fullPath) => {
    const path = fullPath.slice(prefix.length)
    const id = things.ids[path.split('/')[1] ?? '']
    const route = `${method} ${path}`
    if (WITHOUT.has(route)) return undefined
    return { ...REQUESTS[route]?.(things), path: { ...(id !== undefined && { id }), index: things.feature } }
  }
}
