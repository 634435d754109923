/** Strengths as people set them: of a feature's addition or value in units of its usual maximum. */
import type { Edit, FeatureEdit } from '../../trainer/steering/intervention'
import { isFeatureEdit } from './setup'

export interface StrengthScale {
  /** What one unit shown is in the intervention's own terms. */
  unit: number
  name: string
  /** Of the slider; the number beside it may lie beyond. */
  min: number
  max: number
  step: number
}

/** @param maximum the feature's largest activation, when statistics know one above 0 */
export function strengthScale(edit: Edit, maximum: number | undefined): StrengthScale {
  if (!isFeatureEdit(edit)) return { unit: 1, name: '× vector', min: -20, max: 20, step: 0.5 }
  if (edit.mode === 'scale') return { unit: 1, name: '× its activation', min: 0, max: 10, step: 0.1 }
  const min = edit.mode === 'set' ? 0 : -5
  if (maximum) return { unit: maximum, name: '× usual max', min, max: 10, step: 0.1 }
  return { unit: 1, name: edit.mode === 'set' ? 'activation' : '× direction', min: min * 20, max: 200, step: 1 }
}

/** Digits that a strength keeps, so that what is copied can be read. */
const DIGITS = 6

export function toShown(strength: number, { unit }: StrengthScale): number {
  return Number((strength / unit).toPrecision(4))
}

export function toStrength(shown: number, { unit }: StrengthScale): number {
  return Number((shown * unit).toPrecision(DIGITS))
}

/** A feature's edit in another mode; adding and setting mean the same unit, scaling another. */
export function withMode(edit: FeatureEdit, mode: FeatureEdit['mode'], maximum: number | undefined): FeatureEdit {
  const { dictionary, feature, positions, strength } = edit
  const rest = { dictionary, feature, mode, positions }
  if (mode === 'ablate') return rest
  const keeps = isAbsolute(edit.mode) && isAbsolute(mode) && strength !== undefined
  return { ...rest, strength: keeps ? strength : initialStrength(mode, maximum) }
}

const isAbsolute = (mode: FeatureEdit['mode']) => mode === 'add' || mode === 'set'

/** 1 × the usual maximum; without statistics, a number of about the usual size of activations. */
export function initialStrength(mode: FeatureEdit['mode'], maximum: number | undefined): number {
  if (mode === 'scale') return 2
  return maximum ? Number(maximum.toPrecision(DIGITS)) : 10
}
