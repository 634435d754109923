import type { RunPicture } from '../../lib/runs/pictureSchema'
import { count } from '../ui/format'

/** The tokens that densities were counted on. */
export function origin({ source, tokens }: Pick<NonNullable<RunPicture['density']>, 'source' | 'tokens'>): string {
  return `${count(tokens)} ${source === 'run' ? 'held-out tokens' : 'tokens of its feature statistics'}`
}
