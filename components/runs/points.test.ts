import { describe, expect, it } from 'vitest'
import { mergePoints, thinned } from './points'
import type { RunPoint } from '../../lib/runs/schema'

const training = (step: number, loss = 1): RunPoint => ({ step, tokens: step * 2048, metrics: { training: { loss } } })
const heldOut = (step: number): RunPoint => ({ step, tokens: step * 2048, metrics: { heldOut: { l0: 32 } } })
const steps = (points: readonly RunPoint[]) => points.map(({ step }) => step)

describe('points that arrive', () => {
  it('are in order, and a newer one replaces an older one of the same step', () => {
    const merged = mergePoints([training(10), training(20)], [training(20, 5), training(30)])
    expect(steps(merged)).toEqual([10, 20, 30])
    expect(merged[1]?.metrics.training?.loss).toBe(5)
  })

  it('of a run that continued from a checkpoint are merged into the known ones', () => {
    const merged = mergePoints([training(10), training(30)], [training(20), training(30)])
    expect(steps(merged)).toEqual([10, 20, 30])
  })

  it('change nothing if no new ones arrive', () => {
    const known = [training(10)]
    expect(mergePoints(known, [])).toBe(known)
  })

  it('are thinned evenly if there are too many; the newest and all held-out ones stay', () => {
    const many = Array.from({ length: 1000 }, (_, at) => (at % 100 === 51 ? heldOut(at) : training(at)))
    const few = thinned(many, 200)
    expect(few.length).toBeLessThanOrEqual(120)
    expect(steps(few)).toContain(999)
    expect(few.filter(({ metrics }) => metrics.heldOut)).toHaveLength(10)
    const gaps = steps(few.filter(({ metrics }) => metrics.training)).map(
      (step, at, all) => step - (all[at - 1] ?? step),
    )
    expect(Math.max(...gaps)).toBeLessThanOrEqual(10)
  })

  it('are thinned far enough that the next few are not thinned again', () => {
    const many = Array.from({ length: 201 }, (_, at) => training(at))
    const once = thinned(many, 200)
    expect(mergePoints(once, [training(201)], 200)).toHaveLength(once.length + 1)
  })
})
