/** What dictionaries read and write, and whether two of them can be compared. Pages run it in the browser: no zod. */

/** What is known of a stored dictionary's place in a model. */
export interface DictionarySite {
  /** Name of the model; null for a dictionary that is attached to none here. The hook is null with it. */
  model: string | null
  hook: string | null
  /** Where a transcoder writes; null where that is not known, and for others. */
  targetHook: string | null
  dIn: number
  config: unknown
}

/** `d_out` of a stored configuration; undefined for a dictionary that reconstructs what it reads. */
export function outputWidth(config: unknown): number | undefined {
  if (typeof config !== 'object' || config === null || !('d_out' in config)) return undefined
  return typeof config.d_out === 'number' ? config.d_out : undefined
}

/** Whether it reconstructs another hook than it reads. */
export function isTranscoder({ config }: Pick<DictionarySite, 'config'>): boolean {
  return outputWidth(config) !== undefined
}

export interface Difference {
  what: string
  a: string
  b: string
}

/** Why two dictionaries cannot be compared; empty where they can. An unknown fact of one agrees with anything. */
export function differences(a: DictionarySite, b: DictionarySite): Difference[] {
  const facts: readonly [string, (site: DictionarySite) => string | null][] = [
    ['the width of the activations', ({ dIn }) => String(dIn)],
    ['the model', ({ model }) => model],
    ['the hook', ({ hook }) => hook],
    ['what they reconstruct', (site) => (isTranscoder(site) ? 'another hook' : 'what it reads')],
    ['the hook they write', (site) => (isTranscoder(site) ? site.targetHook : site.hook)],
    ['the width of the reconstruction', ({ config, dIn }) => String(outputWidth(config) ?? dIn)],
  ]
  return facts.flatMap(([what, valueOf]) => {
    const [ofA, ofB] = [valueOf(a), valueOf(b)]
    return ofA === null || ofB === null || ofA === ofB ? [] : [{ what, a: ofA, b: ofB }]
  })
}
