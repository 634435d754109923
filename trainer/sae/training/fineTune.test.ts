import { expect, it } from 'vitest'
import { tinyConfig } from './tiny.testing'
import { requireFittingConfig } from './fineTune'

it('a run begins from any architecture whose tensors have a place in it', () => {
  const begin = (parent: string, child: string) => () => requireFittingConfig(tinyConfig(parent), tinyConfig(child))
  expect(begin('topk', 'mutual-choice')).not.toThrow()
  expect(begin('topk', 'jumprelu')).not.toThrow()
  expect(begin('transcoder', 'skip-transcoder')).not.toThrow()
  expect(begin('gated', 'topk')).toThrow(/r_mag \[40\] has no place/)
  expect(begin('skip-transcoder', 'transcoder')).toThrow(/W_skip/)
  expect(begin('topk', 'transcoder')).toThrow(/W_dec is \[40, 12\], not \[40, 9\]/)
})
