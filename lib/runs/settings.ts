/** What a run takes from its harvest: the widths, and what is stored beside the activations. */
import { LoupeError } from '../../trainer/errors'
import { architectureNamed } from '../../trainer/sae/architectures'
import { companionWidth, type Companion } from '../../trainer/store/layout'
import type { Harvest } from '../db/generated/client'
import { layoutOf } from '../harvests/rows'

/** What an architecture trains on beside the activations. */
export function needsOf(architecture: unknown): readonly Companion[] {
  return typeof architecture === 'string' ? (architectureNamed(architecture).needs ?? []) : []
}

/**
 * Settings as given, with the widths that the harvest decides.
 * @throws LoupeError where the harvest lacks what the architecture needs
 */
export function settingsOn(harvest: Harvest, settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const needs = needsOf(settings['architecture'])
  for (const need of needs) requireStored(harvest, need, String(settings['architecture']))
  return { ...settings, d_in: harvest.dIn, ...(needs.includes('target') && { d_out: harvest.dOut }) }
}

const FLAGS: Record<Companion, string> = { target: '--target-hook HOOK', gradient: '--gradients' }
const PURPOSES: Record<Companion, string> = { target: 'reconstructs another hook', gradient: 'ranks by gradients' }

function requireStored(harvest: Harvest, need: Companion, architecture: string): void {
  if (companionWidth(layoutOf(harvest), need) !== undefined) return
  throw new LoupeError(
    'bad-input',
    `${architecture} ${PURPOSES[need]}, and the harvest ${harvest.name} was made without ${need}s`,
    {
      remedy: `make another: npx loupe harvest --hook ${harvest.hook} ${FLAGS[need]}, with the other options of this one`,
    },
  )
}
