import { describe, expect, it } from 'vitest'
import { FairQueue } from './queue'

const LIMITS = { active: 1, waiting: 64, perClient: 16 }
const tick = () => new Promise((resolve) => setImmediate(resolve))

/** Requests that end on command. Records the order of starts and the places that each request received. */
function bench(limits = LIMITS) {
  const queue = new FairQueue(limits)
  const started: string[] = []
  const ends = new Map<string, () => void>()
  const reported = new Map<string, number[]>()
  const enter = (name: string, signal = new AbortController().signal) => {
    reported.set(name, [])
    return queue.run(name[0]!, { signal, onMove: (ahead) => reported.get(name)!.push(ahead) }, () => {
      started.push(name)
      return new Promise<void>((resolve) => ends.set(name, resolve))
    })
  }
  const end = async (name: string) => {
    ends.get(name)!()
    await tick()
  }
  return { queue, started, reported, enter, end }
}

describe('the queue', () => {
  it('serves clients in turns, whatever their numbers of requests', async () => {
    const { started, enter, end } = bench()
    for (const name of ['a0', 'a1', 'a2', 'a3', 'b0', 'b1', 'c0']) void enter(name)
    await tick()
    const order = ['a0', 'b0', 'c0', 'a1', 'b1', 'a2', 'a3']
    for (const name of order) {
      expect(started.at(-1)).toBe(name)
      await end(name)
    }
    expect(started).toEqual(order)
  })

  it('puts a new client first, and a client that was served behind the others', async () => {
    const { started, enter, end } = bench()
    for (const name of ['a0', 'a1', 'a2', 'a3', 'a4']) void enter(name)
    await tick()
    await end('a0')
    void enter('b0')
    void enter('b1')
    for (const name of ['a1', 'b0', 'a2', 'b1', 'a3', 'a4']) await end(name)
    expect(started).toEqual(['a0', 'a1', 'b0', 'a2', 'b1', 'a3', 'a4'])
  })

  it('runs as many requests as the limit, and continues after a failure', async () => {
    const { queue, started, enter, end } = bench({ ...LIMITS, active: 2 })
    for (const name of ['a0', 'a1', 'a2']) void enter(name)
    await tick()
    expect([started, queue.active, queue.waiting]).toEqual([['a0', 'a1'], 2, 1])
    const { signal } = new AbortController()
    const failing = expect(queue.run('b', { signal }, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    await end('a1')
    expect(started.at(-1)).toBe('a2')
    await end('a0')
    await failing
    await end('a2')
    expect([queue.active, queue.waiting]).toEqual([0, 0])
  })

  it('reports how many requests must end first, on every change', async () => {
    const { reported, enter, end } = bench()
    for (const name of ['a0', 'a1', 'a2', 'b0']) void enter(name)
    // b0 comes between a0 and a1.
    expect(Object.fromEntries(reported)).toEqual({ a0: [], a1: [1, 2], a2: [2, 3], b0: [1] })
    await tick()
    await end('a0')
    expect(reported.get('a2')).toEqual([2, 3, 2])
  })

  it('forgets clients that disconnect, in the queue or before their turn', async () => {
    const { queue, started, reported, enter, end } = bench()
    const controller = new AbortController()
    void enter('a0')
    const leaving = enter('b0', controller.signal)
    void enter('c0')
    await tick()
    controller.abort()
    await expect(leaving).rejects.toMatchObject({ code: 'cancelled' })
    expect([queue.waiting, reported.get('c0')]).toEqual([1, [2, 1]])
    await end('a0')
    expect(started).toEqual(['a0', 'c0'])
    await expect(enter('d0', AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
    await end('c0')
    expect(queue.active).toBe(0)
  })

  it('refuses requests above the limits of the queue and of one client', async () => {
    const { enter } = bench({ active: 1, waiting: 3, perClient: 2 })
    for (const name of ['a0', 'a1', 'a2']) void enter(name)
    await expect(enter('a3')).rejects.toMatchObject({ code: 'unavailable', message: /2 of your requests wait/ })
    void enter('b0')
    await expect(enter('c0')).rejects.toMatchObject({ code: 'unavailable', message: /3 requests wait/ })
  })
})
