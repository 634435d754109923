/** From a sweep's specification to its runs: which settings each gets, and what it is called. No zod: pages use it. */
import { LoupeError } from '../../trainer/errors'
import { typedText } from '../base/settingsText'

export type Settings = Readonly<Record<string, unknown>>

/** Settings that all runs share, and lists of values of which every combination is trained; or the runs one by one. */
export interface SweepSpec {
  base: Settings
  grid?: Readonly<Record<string, readonly unknown[]>> | undefined
  runs?: readonly Settings[] | undefined
}

export interface SweepRun {
  /** What tells it from the others: `topk-4608-k32`. */
  label: string
  /** `architecture` and its settings, without `d_in`. */
  settings: Settings
}

/** Names of the settings that an architecture takes; undefined for an unknown one. */
export type SettingsOf = (architecture: string) => readonly string[] | undefined

export const MOST_RUNS = 64
const DEFAULT_ARCHITECTURE = 'topk'

/**
 * The runs of a sweep. Those of a grid come in an order that does not depend on how it was written down: by architecture,
 * width, k, the other settings by name, and seed, which changes fastest. A setting of `base` or `grid` reaches the
 * architectures that take it, and runs that come out equal are one; what stands in `runs` is given to its run as it is.
 * @throws LoupeError for a setting that no architecture of the sweep takes, for two equal runs of a list, and for more
 *   than `MOST_RUNS`
 */
export function expandSweep(spec: SweepSpec, settingsOf: SettingsOf): SweepRun[] {
  const wanted = spec.runs ? listed(spec.base, spec.runs, settingsOf) : combined(spec.base, spec.grid ?? {}, settingsOf)
  requireKnown(spec, wanted, settingsOf)
  const labels = labelsOf(wanted)
  for (const [at, label] of labels.entries()) {
    const first = labels.indexOf(label)
    if (first === at) continue
    throw new LoupeError('bad-input', `runs ${first + 1} and ${at + 1} of the sweep are the same: ${label}`, {
      remedy: 'take one of them out',
    })
  }
  return wanted.map((settings, at) => ({ label: labels[at]!, settings }))
}

function combined(base: Settings, grid: NonNullable<SweepSpec['grid']>, settingsOf: SettingsOf): Settings[] {
  const twice = Object.keys(grid).find((key) => key in base)
  if (twice !== undefined) throw new LoupeError('bad-input', `the sweep has "${twice}" both in base and in grid`)
  const size = Object.values(grid).reduce((product, values) => product * values.length, 1)
  // Runs that come out equal are counted once below; far more than that cannot even be listed.
  if (size > MOST_RUNS ** 2) throw tooMany(size)
  const all = inOrder(Object.keys(grid)).reduce<Settings[]>(
    (found, key) => found.flatMap((settings) => grid[key]!.map((value) => ({ ...settings, [key]: value }))),
    [{}],
  )
  const runs = new Map<string, Settings>()
  for (const settings of all) {
    const run = suited({ architecture: DEFAULT_ARCHITECTURE, ...base, ...settings }, settingsOf)
    const key = JSON.stringify(run)
    if (!runs.has(key)) runs.set(key, run)
  }
  if (runs.size > MOST_RUNS) throw tooMany(runs.size)
  return [...runs.values()]
}

function listed(base: Settings, runs: readonly Settings[], settingsOf: SettingsOf): Settings[] {
  if (runs.length > MOST_RUNS) throw tooMany(runs.length)
  return runs.map((own) => {
    const { architecture = DEFAULT_ARCHITECTURE } = { ...base, ...own }
    return sorted({ ...suited({ ...base, architecture }, settingsOf), ...own })
  })
}

function tooMany(runs: number): LoupeError {
  return new LoupeError('too-large', `the sweep makes ${runs} runs, at most ${MOST_RUNS} are taken`, {
    remedy: 'shorten its lists, or make several sweeps of it',
  })
}

/** Without what its architecture does not take. An unknown architecture is left for the registry to refuse. */
function suited(settings: Settings, settingsOf: SettingsOf): Settings {
  const known = settingsOf(String(settings['architecture']))
  if (!known) return settings
  return sorted(Object.fromEntries(Object.entries(settings).filter(([key]) => known.includes(key))))
}

const sorted = (settings: Settings): Settings =>
  Object.fromEntries(inOrder(Object.keys(settings)).map((key) => [key, settings[key]]))

const FIRST = ['architecture', 'd_sae', 'k']
const LAST = ['seed']

function inOrder(keys: readonly string[]): string[] {
  const others = keys.filter((key) => !FIRST.includes(key) && !LAST.includes(key)).sort()
  return [...FIRST.filter((key) => keys.includes(key)), ...others, ...LAST.filter((key) => keys.includes(key))]
}

function requireKnown({ base, grid = {} }: SweepSpec, runs: readonly Settings[], settingsOf: SettingsOf): void {
  const architectures = [...new Set(runs.map((run) => String(run['architecture'])))]
  const taken = architectures.map((name) => settingsOf(name))
  if (taken.includes(undefined)) return
  const unknown = [...Object.keys(base), ...Object.keys(grid)].filter(
    (key) => key !== 'architecture' && !taken.some((known) => known!.includes(key)),
  )
  if (unknown.length === 0) return
  const names = unknown.map((name) => `"${name}"`).join(', ')
  throw new LoupeError('bad-input', `no architecture of the sweep (${architectures.join(', ')}) takes ${names}`, {
    remedy: 'the settings of each are listed by: loupe train --help',
  })
}

/** Made of the settings that differ between the runs; the architecture always stands first. */
function labelsOf(runs: readonly Settings[]): string[] {
  const varied = variedSettings(runs)
  return runs.map((run) =>
    [
      String(run['architecture']),
      ...varied.flatMap((key) => (key === 'architecture' || run[key] === undefined ? [] : [word(key, run[key])])),
    ].join('-'),
  )
}

/** Settings that not all of the runs have alike. */
export function variedSettings(runs: readonly Settings[]): string[] {
  const keys = inOrder([...new Set(runs.flatMap((run) => Object.keys(run)))])
  return keys.filter((key) => new Set(runs.map((run) => JSON.stringify(run[key]))).size > 1)
}

function word(key: string, value: unknown): string {
  const text = typedText(value)
  if (key === 'd_sae') return text
  return key === 'k' || key === 'seed' ? `${key}${text}` : `${key}=${text}`
}
