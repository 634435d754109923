/** What architectures need of a harvest beside its activations. */
import type { Companion } from '../../trainer/store/layout'
import type { ArchitectureOption } from './formFields'
import type { HarvestOption } from './HarvestChoice'

type Stored = Pick<HarvestOption, 'targetHook' | 'gradients'>

/** With the option of `loupe harvest` that stores it. */
const BESIDE: Readonly<Record<Companion, { name: string; isStored: (harvest: Stored) => boolean }>> = {
  target: { name: 'a target hook (--target-hook)', isStored: ({ targetHook }) => targetHook !== null },
  gradient: { name: 'gradients (--gradients)', isStored: ({ gradients }) => gradients },
}

/** Which of the architectures cannot be trained on a harvest, by what it lacks: `gradient needs gradients …`. */
export function lackingOn(
  harvest: Stored,
  architectures: readonly Pick<ArchitectureOption, 'name' | 'needs'>[],
): string[] {
  return Object.entries(BESIDE).flatMap(([need, { name, isStored }]) => {
    const names = architectures.filter(({ needs }) => needs.some((own) => own === need)).map((own) => own.name)
    if (names.length === 0 || isStored(harvest)) return []
    return [`${names.join(', ')} ${names.length === 1 ? 'needs' : 'need'} ${name}`]
  })
}
