import { expect, it } from 'vitest'
import { paceOf } from './useLive'

it('what is finished is not asked for again; what failed may be put back into the queue', () => {
  expect(['pending', 'running', 'failed', 'cancelled', 'finished'].map(paceOf)).toEqual([
    'busy',
    'busy',
    'idle',
    'idle',
    'over',
  ])
})
