import { describe, expect, it } from 'vitest'
import { SharedCache } from './sharedCache'

function bench(limits = { bytes: 100, entries: 2 }) {
  const cache = new SharedCache<string>(limits)
  const opened: string[] = []
  const closed: string[] = []
  const use = (key: string, bytes = 10) =>
    cache.acquire(key, () => {
      opened.push(key)
      return Promise.resolve({ value: key, bytes, close: () => closed.push(key) })
    })
  const visit = async (key: string, bytes?: number) => (await use(key, bytes))[Symbol.dispose]()
  return { cache, opened, closed, use, visit }
}

describe('a shared cache', () => {
  it('opens once for all callers, also for simultaneous ones', async () => {
    const { opened, use, closed } = bench()
    const leases = await Promise.all([use('a'), use('a'), use('a')])
    expect([opened, leases.map(({ value }) => value)]).toEqual([['a'], ['a', 'a', 'a']])
    for (const lease of leases) lease[Symbol.dispose]()
    expect(closed).toEqual([])
  })

  it('closes the least recently used objects above the limits', async () => {
    const { cache, closed, visit } = bench()
    await visit('a')
    await visit('b')
    await visit('a')
    await visit('c')
    expect([closed, cache.values()]).toEqual([['b'], ['a', 'c']])
    await visit('d', 95)
    expect(closed).toEqual(['b', 'a', 'c'])
    // Larger than the limit, but the newest: it stays until something else comes.
    await visit('e', 500)
    await visit('e', 500)
    expect([closed, cache.values()]).toEqual([['b', 'a', 'c', 'd'], ['e']])
  })

  it('closes an object in use only after its use', async () => {
    const { closed, use, visit } = bench({ bytes: 100, entries: 1 })
    const lease = await use('a')
    await visit('b')
    expect(closed).toEqual([])
    lease[Symbol.dispose]()
    lease[Symbol.dispose]()
    expect(closed).toEqual(['a'])
  })

  it('tries again after a failure', async () => {
    const { cache, use } = bench()
    await expect(cache.acquire('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect((await use('a')).value).toBe('a')
  })
})
