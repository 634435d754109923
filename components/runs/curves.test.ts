import { describe, expect, it } from 'vitest'
import { meaningOf, runCharts } from './curves'
import type { RunPoint } from '../../lib/runs/schema'

const at = (step: number, metrics: RunPoint['metrics']): RunPoint => ({ step, tokens: 64 * step, metrics })
const named = (points: readonly RunPoint[]) => new Map(runCharts(points).map(({ name, curves }) => [name, curves]))

describe('the charts of a run', () => {
  it('show only what was measured', () => {
    const charts = named([at(10, { training: { loss: 3, parts: { mse: 3 }, l0: 8, deadLatents: 0, selection: {} } })])
    expect([...charts.keys()]).toEqual(['loss', 'l0', 'deadLatents'])
    expect(charts.get('loss')!.map(({ name }) => name)).toEqual(['loss'])
    expect(charts.get('deadLatents')!.map(({ name }) => name)).toEqual(['dead'])
    expect(runCharts([])).toEqual([])
  })

  it('show L0 by both rules, dying latents, parts of the loss, the threshold and coefficients where they exist', () => {
    const training = {
      loss: 3,
      parts: { mse: 2, l1: 0.5, 'aux-zipf': 0.5 },
      l0: 8,
      deadLatents: 1,
      dyingLatents: 5,
      selection: { threshold: 0.3 },
      losses: { 'l1.coefficient': 2 },
    }
    const points = [at(10, { training }), at(20, { training, heldOut: { l0: 7, byTraining: { l0: 8 } } })]
    const charts = named(points)
    expect(charts.get('l0')!.map(({ values }) => values)).toEqual([
      [8, 8],
      [null, 7],
      [null, 8],
    ])
    expect(charts.get('deadLatents')![1]!.values).toEqual([5, 5])
    expect(charts.get('loss')!.map(({ name }) => name)).toEqual(['loss', 'mse', 'l1', 'aux-zipf'])
    expect(new Set(charts.get('loss')!.map(({ hue, dash }) => `${hue} ${dash?.join()}`)).size).toBe(4)
    expect(charts.get('threshold')![0]!.values).toEqual([0.3, 0.3])
    expect(charts.get('l1.coefficient')![0]!.values).toEqual([2, 2])
    expect(new Set(charts.get('l0')!.map(({ hue }) => hue)).size).toBe(3)
  })
})

it('a threshold is described as used at inference only if it is', () => {
  expect(meaningOf('threshold', {})).toMatch(/at inference\.$/)
  expect(meaningOf('threshold', { inference: 'threshold' })).toMatch(/at inference\.$/)
  expect(meaningOf('threshold', { inference: 'no-gradient' })).toMatch(/does not use it/)
  expect(meaningOf('medianThreshold', {})).toMatch(/median/)
  expect(meaningOf('l1.coefficient', {})).toBeUndefined()
})
