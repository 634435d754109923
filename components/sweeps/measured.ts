/** Which runs of a sweep are compared, and what their figures were measured on. */
import { isTranscoder } from '../../trainer/sae/dictionary/site'
import type { SweepRun } from '../../lib/sweeps/schema'
import { count } from '../ui/format'
import { engineName } from '../ui/engineName'

type Figures = NonNullable<SweepRun['figures']>

/** The runs with figures. Failed runs are left out: they may have diverged, and ended at any step. */
export function comparedRuns(members: readonly SweepRun[]): { run: SweepRun; figures: Figures }[] {
  return members.flatMap((run) => (run.figures && run.status !== 'failed' ? [{ run, figures: run.figures }] : []))
}

/** When the figures of one run were measured. */
export function whenMeasured({ status }: Pick<SweepRun, 'status'>, { source }: Pick<Figures, 'source'>): string {
  if (source === 'evaluation') return 'evaluation'
  if (source === 'run') return 'end of the run'
  return status === 'failed' ? 'until it failed' : status === 'cancelled' ? 'until cancelled' : 'so far'
}

/** The field with the tokens of a figure, which may differ from the tokens of L0. */
const TOKENS_OF = { explainedVariance: 'explainedVarianceTokens', crossEntropyRecovered: 'crossEntropyTokens' } as const

/**
 * What the points of a chart of L0 and another figure were measured on. It names every difference, since points of
 * different origin do not compare fairly.
 */
export function originsOf(
  points: readonly { run: Pick<SweepRun, 'status'>; figures: Figures }[],
  { of, name }: { of: keyof typeof TOKENS_OF; name: string },
): string {
  // By the full fingerprint: two engines may have the same short name.
  const origins = new Map<string, { text: string; points: number }>()
  for (const { run, figures } of points) {
    const { tokens, heldOut, engine } = figures
    const figureTokens = figures[TOKENS_OF[of]]
    const others = figureTokens === null || figureTokens === tokens ? '' : `, ${name} on ${count(figureTokens)}`
    const on = `${count(tokens)} ${heldOut ? 'held-out' : 'training'} tokens${others}`
    const origin = `${whenMeasured(run, figures)}, ${on}`
    const known = origins.get(`${origin}, ${engine}`)
    const text = `${origin}, ${engineName(engine)}`
    origins.set(`${origin}, ${engine}`, { text, points: (known?.points ?? 0) + 1 })
  }
  const lines = [...origins.values()].map(
    ({ text, points }) => `${count(points)} ${points === 1 ? 'point' : 'points'}: ${text}`,
  )
  return `${lines.join('; ')}.`
}

/** A warning if some of the runs reconstruct another hook than they read, and others do not. */
export function transcodersAmong(members: readonly { architecture: string; config: unknown }[]): string | null {
  const others = members.filter((run) => isTranscoder(run))
  if (others.length === 0 || others.length === members.length) return null
  const names = [...new Set(others.map(({ architecture }) => architecture))].join(' and ')
  return `The points of ${names} measure what a transcoder reconstructs, which is another hook: they do not compare with the rest.`
}
