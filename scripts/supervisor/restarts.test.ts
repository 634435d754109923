import { describe, expect, it } from 'vitest'
import { RestartPolicy } from './restarts'

describe('restarts', () => {
  it('wait longer each time, up to half a minute', () => {
    const policy = new RestartPolicy()
    // The ends are too far apart to give up, and the lives too short to be healthy.
    const delays = Array.from({ length: 8 }, (_, i) => policy.afterEnd(i * 30_000, 20_000))
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
  })

  it('start over after a healthy minute', () => {
    const policy = new RestartPolicy()
    for (let i = 0; i < 4; i++) policy.afterEnd(i * 1000, 10)
    expect(policy.afterEnd(70_000, 60_000)).toBe(500)
    expect(policy.afterEnd(71_000, 100)).toBe(1000)
  })

  it('are given up after five ends within a minute', () => {
    const policy = new RestartPolicy()
    const ends = (times: number[]) => times.map((time) => policy.afterEnd(time, 10))
    expect(ends([0, 10_000, 20_000, 30_000, 40_000])).toEqual([500, 1000, 2000, 4000, undefined])
    const slower = new RestartPolicy()
    expect([0, 20_000, 40_000, 60_000, 80_000].map((time) => slower.afterEnd(time, 10))).not.toContain(undefined)
  })
})
