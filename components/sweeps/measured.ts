/** On what the figures of a sweep's runs were measured, and which of them are compared. */
import { isTranscoder } from '../../lib/dictionaries/site'
import { count } from '../ui/format'
import type { SweepRun } from './types'

type Figures = NonNullable<SweepRun['figures']>

/** A run with its figures, as far as it is one to compare: one that failed, diverged say, ended anywhere. */
export function comparedRuns(members: readonly SweepRun[]): { run: SweepRun; figures: Figures }[] {
  return members.flatMap((run) => (run.figures && run.status !== 'failed' ? [{ run, figures: run.figures }] : []))
}

/** When the figures of one run were measured. */
export function whenMeasured({ status }: Pick<SweepRun, 'status'>, { source }: Pick<Figures, 'source'>): string {
  if (source === 'evaluation') return 'evaluation'
  if (source === 'run') return 'end of the run'
  return status === 'failed' ? 'until it failed' : status === 'cancelled' ? 'until cancelled' : 'so far'
}

/** Tokens of a figure that is not measured on those of L0. */
const TOKENS_OF = { explainedVariance: 'explainedVarianceTokens', crossEntropyRecovered: 'crossEntropyTokens' } as const

/**
 * On what the points of a chart of L0 and another figure were measured; differences are said, since points of different
 * origin are no fair comparison.
 */
export function originsOf(
  points: readonly { run: Pick<SweepRun, 'status'>; figures: Figures }[],
  { of, name }: { of: keyof typeof TOKENS_OF; name: string },
): string {
  const origins = new Map<string, number>()
  for (const { run, figures } of points) {
    const { tokens, heldOut, engine } = figures
    const own = figures[TOKENS_OF[of]]
    const others = own === null || own === tokens ? '' : `, ${name} on ${count(own)}`
    const on = `${count(tokens)} ${heldOut ? 'held-out' : 'training'} tokens${others}`
    const origin = `${whenMeasured(run, figures)}, ${on}, ${engine}`
    origins.set(origin, (origins.get(origin) ?? 0) + 1)
  }
  return `${[...origins].map(([origin, points]) => `${count(points)} ${points === 1 ? 'point' : 'points'}: ${origin}`).join('; ')}.`
}

/** What is to be said where some of the runs reconstruct another hook than they read, and others do not. */
export function transcodersAmong(members: readonly Pick<SweepRun, 'architecture' | 'config'>[]): string | null {
  const others = members.filter((run) => isTranscoder(run))
  if (others.length === 0 || others.length === members.length) return null
  const names = [...new Set(others.map(({ architecture }) => architecture))].join(' and ')
  return `The points of ${names} are of what a transcoder reconstructs, another hook: they do not compare with the rest.`
}
