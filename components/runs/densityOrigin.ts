import { count } from '../ui/format'
import type { RunPicture } from './types'

/** On what densities were counted. */
export function origin({ source, tokens }: Pick<NonNullable<RunPicture['density']>, 'source' | 'tokens'>): string {
  return `${count(tokens)} ${source === 'run' ? 'held-out tokens' : 'tokens of its feature statistics'}`
}
