/** What dictionaries read and write, and whether two of them can stand side by side; without weights or a database. */

/** What tells it, of a stored dictionary. */
export interface DictionarySite {
  /** Name of the model; null for a dictionary that is tied to none here, as the hook is. */
  model: string | null
  hook: string | null
  /** Where a transcoder writes; null where that is not known, and for others. */
  targetHook: string | null
  dIn: number
  config: unknown
}

/** Whether it reconstructs another hook than it reads. */
export function isTranscoder({ config }: Pick<DictionarySite, 'config'>): boolean {
  return (config as { d_out?: number }).d_out !== undefined
}

export interface Difference {
  what: string
  a: string
  b: string
}

/** Why two dictionaries cannot be compared; empty where they can. What is not known of one agrees with anything. */
export function differences(a: DictionarySite, b: DictionarySite): Difference[] {
  const facts: readonly [string, (of: DictionarySite) => string | null][] = [
    ['the width of the activations', ({ dIn }) => String(dIn)],
    ['the model', ({ model }) => model],
    ['the hook', ({ hook }) => hook],
    ['what they reconstruct', (of) => (isTranscoder(of) ? 'another hook' : 'what it reads')],
    ['the hook they write', (of) => (isTranscoder(of) ? of.targetHook : of.hook)],
    ['the width of what they reconstruct', ({ config, dIn }) => String((config as { d_out?: number }).d_out ?? dIn)],
  ]
  return facts.flatMap(([what, of]) => {
    const [ofA, ofB] = [of(a), of(b)]
    return ofA === null || ofB === null || ofA === ofB ? [] : [{ what, a: ofA, b: ofB }]
  })
}
