import { describe, expect, it } from 'vitest'
import type { Context } from '../cli/context'
import { parseOptions } from '../cli/flags'
import { train } from './train'

describe('loupe train --sweep', () => {
  it.each([
    ['--preset', { preset: 'gao-topk' }],
    ['--from', { from: 'first@best' }],
    ['--learning-rate, --k', { k: '32', learningRate: '1e-3' }],
  ])('refuses %s, a flag of a single run, before it opens anything', async (flags, typed) => {
    const options = parseOptions(train.options, { harvest: 'h', sweep: 'sweep.json', ...typed })
    const run = train.run({ options, arguments: [] }, {} as Context)
    await expect(run).rejects.toMatchObject({
      code: 'bad-usage',
      message: expect.stringMatching(new RegExp(`not in flags: ${flags}$`)) as string,
      remedy: expect.stringContaining('sweep.json') as string,
    })
  })
})
