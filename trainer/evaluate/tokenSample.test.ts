import { expect, it } from 'vitest'
import { TokenSampler } from './tokenSample'

it('is spread over all tokens that come, over the bounds of batches too', () => {
  const sampler = new TokenSampler(6000)
  for (let batch = 0; batch < 60; batch++) {
    const column = Array.from({ length: 100 }, (_, at) => batch * 100 + at)
    sampler.add({ l0: column, norm: column, crossEntropy: column })
  }
  expect(sampler.sample.l0).toEqual(Array.from({ length: 2000 }, (_, at) => 3 * at))
})
