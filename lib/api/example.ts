/** Example requests for the page of the API: each route states its own, with things of this machine's database. */
export interface ExampleRequest {
  path?: Readonly<Record<string, string | number>>
  query?: Readonly<Record<string, string | number | boolean>>
  body?: unknown
}

/** Things that examples can name; placeholders for things that the database does not have yet. */
export interface ExampleThings {
  /** Ids by the first segment of their routes: `dictionaries`, `runs`, … */
  ids: Readonly<Record<string, string | undefined>>
  /** Name of a dictionary with features. */
  dictionary: string
  /** Name of the dictionary's model. */
  model: string
  /** Name of another dictionary of that model and hook, else of the same dictionary. */
  other: string
  /** Name of a harvest. */
  harvest: string
  /** A feature of the dictionary. */
  feature: number
  /** The largest activation of that feature. */
  strength: number
}

/** The placeholders of an empty database. */
export const NOTHING: ExampleThings = {
  ids: {},
  dictionary: 'DICTIONARY',
  other: 'OTHER',
  model: 'MODEL',
  harvest: 'HARVEST',
  feature: 0,
  strength: 10,
}

/** Query and body of an example; its path is filled in from `ExampleThings`. */
export type RouteExample = (things: ExampleThings) => Omit<ExampleRequest, 'path'>

/** The example of a route; undefined for a route that has none to show. */
export function exampleRequest(
  { path, example }: { path: string; example: RouteExample | null },
  things: ExampleThings,
): ExampleRequest | undefined {
  if (example === null) return undefined
  const id = things.ids[path.split('/')[1] ?? '']
  return { ...example(things), path: { ...(id !== undefined && { id }), index: things.feature } }
}

/** An intervention that adds one feature. */
export function exampleIntervention({ model, dictionary, feature, strength }: ExampleThings) {
  return { model, prompt: 'The weather today is', edits: [{ dictionary, feature, mode: 'add', strength }] }
}
