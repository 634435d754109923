/**
 * What a run takes from its harvest: the widths, and what some architectures need besides the activations. Server and
 * forms share it, so nothing here loads the architectures.
 */
import { LoupeError } from '../../trainer/errors'
import type { Companion } from '../../trainer/store/layout'
import type { HarvestSummary } from '../harvests/schema'

/** Settings that the harvest decides; no form or flag asks for them. */
export const FROM_HARVEST: ReadonlySet<string> = new Set(['d_in', 'd_out'])

type StoredCompanions = Pick<HarvestSummary, 'targetHook' | 'gradients'>

interface Need {
  /** As in "needs a target hook". */
  name: string
  /** The options of `loupe harvest` that store it, with and without its value. */
  option: string
  flag: string
  /** Why an architecture needs it. */
  purpose: string
  isStored: (harvest: StoredCompanions) => boolean
}

const NEEDS: Readonly<Record<Companion, Need>> = {
  target: {
    name: 'a target hook',
    option: '--target-hook HOOK',
    flag: '--target-hook',
    purpose: 'reconstructs another hook',
    isStored: ({ targetHook }) => targetHook !== null,
  },
  gradient: {
    name: 'gradients',
    option: '--gradients',
    flag: '--gradients',
    purpose: 'ranks by gradients',
    isStored: ({ gradients }) => gradients,
  },
}

/** Which of these architectures cannot be trained on a harvest, by what it lacks: `gradient needs gradients …`. */
export function lackingOn(
  harvest: StoredCompanions,
  architectures: readonly { name: string; needs: readonly Companion[] }[],
): string[] {
  return Object.entries(NEEDS).flatMap(([companion, { name, flag, isStored }]) => {
    const takers = architectures.filter(({ needs }) => needs.some((need) => need === companion))
    if (takers.length === 0 || isStored(harvest)) return []
    return [
      `${takers.map((taker) => taker.name).join(', ')} ${takers.length === 1 ? 'needs' : 'need'} ${name} (${flag})`,
    ]
  })
}

/**
 * The settings, with the widths that the harvest decides.
 * @param needs what the architecture needs besides the activations
 * @throws LoupeError if the harvest lacks it
 */
export function settingsOn(
  harvest: StoredCompanions & { name: string; hook: string; dIn: number; dOut: number | null },
  settings: Readonly<Record<string, unknown>>,
  needs: readonly Companion[],
): Record<string, unknown> {
  for (const companion of needs) {
    const { option, purpose, isStored } = NEEDS[companion]
    if (isStored(harvest)) continue
    const architecture = String(settings['architecture'])
    throw new LoupeError(
      'bad-input',
      `${architecture} ${purpose}, and the harvest ${harvest.name} was made without ${companion}s`,
      {
        remedy: `make another harvest: npx loupe harvest --hook ${harvest.hook} ${option}, with the other options of this one`,
      },
    )
  }
  return { ...settings, d_in: harvest.dIn, ...(needs.includes('target') && { d_out: harvest.dOut }) }
}
