import { expect, it } from 'vitest'
import { comparedRuns, originsOf, transcodersAmong, whenMeasured } from './measured'
import type { SweepRun } from '../../lib/sweeps/schema'

const figures = { source: 'training', heldOut: true, tokens: 4096, explainedVarianceTokens: 4096, engine: 'tensorflow' }
const OF = { of: 'explainedVariance', name: 'explained variance' } as const
const run = (status: string, measured: object | null = figures) => ({ status, figures: measured }) as SweepRun

it('failed runs are not compared, and cancelled runs are not in progress', () => {
  const members = [run('running'), run('failed'), run('cancelled'), run('running', null)]
  const compared = comparedRuns(members)
  expect(compared.map(({ run: { status } }) => status)).toEqual(['running', 'cancelled'])
  expect(originsOf(compared, OF)).toBe(
    '1 point: so far, 4,096 held-out tokens, tensorflow; 1 point: until cancelled, 4,096 held-out tokens, tensorflow.',
  )
  expect(whenMeasured(members[1]!, members[1]!.figures!)).toBe('until it failed')
  expect(whenMeasured(run('finished'), { source: 'run' })).toBe('end of the run')
})

it('the tokens of a figure are named if they differ from the tokens of L0', () => {
  const ended = { ...figures, source: 'run', tokens: 50_000 }
  expect(originsOf(comparedRuns([run('finished', ended)]), OF)).toBe(
    '1 point: end of the run, 50,000 held-out tokens, explained variance on 4,096, tensorflow.',
  )
})

it('transcoders among other architectures cause a warning', () => {
  const [plain, transcoder] = [
    { architecture: 'topk', config: {} },
    { architecture: 'transcoder', config: { d_out: 8 } },
  ]
  expect(transcodersAmong([plain, transcoder])).toMatch(
    /^The points of transcoder measure .* do not compare with the rest/,
  )
  for (const alike of [plain, transcoder]) expect(transcodersAmong([alike, alike])).toBeNull()
})
