/** Strengths as the page shows them: for adding and setting a feature, in units of its usual maximum. */
import type { Edit, FeatureEdit } from '../../trainer/steering/intervention'
import { initialStrength, isFeatureEdit, STRENGTH_DIGITS } from '../../lib/steering/setup'

export interface StrengthScale {
  /** Strength in the intervention that one displayed unit stands for. */
  unit: number
  name: string
  /** Range of the slider; the number field accepts values outside it. */
  min: number
  max: number
  step: number
}

/** @param maximum the feature's largest activation, when statistics have one above 0 */
export function strengthScale(edit: Edit, maximum: number | undefined): StrengthScale {
  if (!isFeatureEdit(edit)) return { unit: 1, name: '× vector', min: -20, max: 20, step: 0.5 }
  if (edit.mode === 'scale') return { unit: 1, name: '× its activation', min: 0, max: 10, step: 0.1 }
  const min = edit.mode === 'set' ? 0 : -5
  if (maximum) return { unit: maximum, name: '× usual max', min, max: 10, step: 0.1 }
  return { unit: 1, name: edit.mode === 'set' ? 'activation' : '× direction', min: min * 20, max: 200, step: 1 }
}

export function toShown(strength: number, { unit }: StrengthScale): number {
  return Number((strength / unit).toPrecision(4))
}

export function toStrength(shown: number, { unit }: StrengthScale): number {
  return Number((shown * unit).toPrecision(STRENGTH_DIGITS))
}

/** The edit in another mode. It keeps the strength between `add` and `set`, which have the same unit. */
export function withMode(edit: FeatureEdit, mode: FeatureEdit['mode'], maximum: number | undefined): FeatureEdit {
  const { dictionary, feature, positions, strength } = edit
  const rest = { dictionary, feature, mode, positions }
  if (mode === 'ablate') return rest
  const keeps = isAbsolute(edit.mode) && isAbsolute(mode) && strength !== undefined
  return { ...rest, strength: keeps ? strength : initialStrength(mode, maximum) }
}

const isAbsolute = (mode: FeatureEdit['mode']) => mode === 'add' || mode === 'set'
