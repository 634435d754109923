import type { RunPicture } from '../../lib/runs/pictureSchema'

type Law = NonNullable<NonNullable<RunPicture['density']>['fit']>

/** density(r) = scale · (r + offset)^−exponent. */
export function lawAt({ scale, offset, exponent }: Pick<Law, 'scale' | 'offset' | 'exponent'>, rank: number): number {
  return scale * (rank + offset) ** -exponent
}
