/** Makes the runs of a specification: which settings each has, and its label. */
import type { z } from 'zod'
import { LoupeError } from '../../trainer/errors'
import { architectureNamed, architectureNames } from '../../trainer/sae/architectures'
import { typedText } from '../base/settingsText'
import { MOST_RUNS, type Settings, type SweepSpec } from './schema'

export interface ExpandedRun {
  /** The settings in which it differs from the others: `topk-4608-k32`. */
  label: string
  /** `architecture` and its settings, without `d_in`. */
  settings: Settings
}

/** Names of the settings that an architecture takes; undefined for an unknown one. */
export type SettingsOf = (architecture: string) => readonly string[] | undefined

const DEFAULT_ARCHITECTURE = 'topk'

/** The runs of a specification, with the settings of the architectures that exist. */
export function sweepRuns(spec: SweepSpec): ExpandedRun[] {
  return expandSweep(spec, settingNames)
}

const settingNames: SettingsOf = (architecture) => {
  if (!architectureNames().includes(architecture)) return undefined
  const { shape } = architectureNamed(architecture).schema as z.ZodObject
  // The width of the activations comes from the harvest.
  return Object.keys(shape).filter((name) => name !== 'd_in')
}

/**
 * The runs of a sweep. The order of those of a grid does not depend on the order in the specification: by architecture,
 * width, k, the other settings by name, and seed, which changes fastest. A setting of `base` or `grid` reaches the
 * architectures that take it, and equal runs become one; a setting in `runs` reaches its run unchanged.
 * @throws LoupeError for a setting that no architecture of the sweep takes, for two equal runs of a list, and for more
 *   than `MOST_RUNS`
 */
export function expandSweep(spec: SweepSpec, settingsOf: SettingsOf): ExpandedRun[] {
  const wanted = spec.runs ? listed(spec.base, spec.runs, settingsOf) : combined(spec.base, spec.grid ?? {}, settingsOf)
  requireKnown(spec, wanted, settingsOf)
  const labels = labelsOf(wanted)
  for (const [at, label] of labels.entries()) {
    const first = labels.indexOf(label)
    if (first === at) continue
    throw new LoupeError('bad-input', `runs ${first + 1} and ${at + 1} of the sweep are the same: ${label}`, {
      remedy: 'remove one of them',
    })
  }
  return wanted.map((settings, at) => ({ label: labels[at]!, settings }))
}

function combined(base: Settings, grid: NonNullable<SweepSpec['grid']>, settingsOf: SettingsOf): Settings[] {
  const twice = Object.keys(grid).find((key) => key in base)
  if (twice !== undefined) throw new LoupeError('bad-input', `the sweep has "${twice}" both in base and in grid`)
  const size = Object.values(grid).reduce((product, values) => product * values.length, 1)
  // Equal runs are counted once below, but a list this long cannot be built at all.
  if (size > MOST_RUNS ** 2) throw tooMany(size)
  const all = inOrder(Object.keys(grid)).reduce<Settings[]>(
    (partial, key) => partial.flatMap((settings) => grid[key]!.map((value) => ({ ...settings, [key]: value }))),
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
  return runs.map((run) => {
    const { architecture = DEFAULT_ARCHITECTURE } = { ...base, ...run }
    return sorted({ ...suited({ ...base, architecture }, settingsOf), ...run })
  })
}

function tooMany(runs: number): LoupeError {
  return new LoupeError('too-large', `the sweep makes ${runs} runs, and the limit is ${MOST_RUNS}`, {
    remedy: 'shorten its lists, or split it into several sweeps',
  })
}

/** Only the settings that its architecture takes. The registry refuses an unknown architecture later. */
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

/** Labels made of the settings that differ between the runs; the architecture always comes first. */
function labelsOf(runs: readonly Settings[]): string[] {
  const varied = variedSettings(runs)
  return runs.map((run) =>
    [
      String(run['architecture']),
      ...varied.flatMap((key) => (key === 'architecture' || run[key] === undefined ? [] : [word(key, run[key])])),
    ].join('-'),
  )
}

/** Settings in which the runs differ. */
export function variedSettings(runs: readonly Settings[]): string[] {
  const keys = inOrder([...new Set(runs.flatMap((run) => Object.keys(run)))])
  return keys.filter((key) => new Set(runs.map((run) => JSON.stringify(run[key]))).size > 1)
}

function word(key: string, value: unknown): string {
  const text = typedText(value)
  if (key === 'd_sae') return text
  return key === 'k' || key === 'seed' ? `${key}${text}` : `${key}=${text}`
}
