import { expect, it } from 'vitest'
import { harvestCommand } from './command'
import { optionsOf } from './view'
import type { HarvestDetail } from './schema'

it('writes flags for the options that are set', () => {
  const options = { model: 'tiny', hook: 'h', targetHook: undefined, gradients: false, contextSize: 64, name: 'a b' }
  expect(harvestCommand(options)).toBe("npx loupe harvest --model tiny --hook h --context 64 --name 'a b'")
  expect(harvestCommand({ gradients: true, targetHook: 't' })).toBe('npx loupe harvest --gradients --target-hook t')
})

it('makes a stored harvest again', () => {
  const provenance: HarvestDetail['provenance'] = {
    model: 'tiny',
    weightsHash: 'w',
    tokenizerHash: 't',
    corpus: '/texts/own.txt',
    corpusHash: 'c',
    hook: 'blocks.0.hook_resid_post',
    d_in: 8,
    gradients: { of: 'sum of next-token cross-entropy', reduction: 'sum' },
    dtype: 'bf16',
    contextSize: 128,
    tokens: 1000,
    seed: 3,
    engine: 'e',
    device: 'cpu',
  }
  const corpus = { id: '', name: '/texts/own.txt', source: 'own.txt', documents: 1 }
  expect(harvestCommand(optionsOf({ name: 'mine', corpus, provenance } as HarvestDetail))).toBe(
    'npx loupe harvest --model tiny --hook blocks.0.hook_resid_post --gradients --corpus own.txt --tokens 1000 ' +
      '--context 128 --dtype bf16 --seed 3 --name mine',
  )
})
