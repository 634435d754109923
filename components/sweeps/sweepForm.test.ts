import { describe, expect, it } from 'vitest'
import type { ArchitectureDescription } from '../../lib/runs/schema'
import { listSettings, specOf, sweepFields, valuesOf } from './sweepForm'

const int = { type: 'integer' }
const architectures: ArchitectureDescription[] = [
  {
    name: 'topk',
    description: '',
    needs: [],
    memory: { matrices: 2 },
    schema: { properties: { d_sae: int, k: int, seed: { ...int, default: 0 } }, required: ['d_sae', 'k'] },
  },
  {
    name: 'relu',
    description: '',
    needs: [],
    memory: { matrices: 2 },
    schema: {
      properties: { d_sae: int, l1: { type: 'number' }, seed: { ...int, default: 0 }, groups: { type: 'array' } },
      required: ['d_sae', 'l1'],
    },
  },
]

describe('the form of a sweep', () => {
  it('has the settings that any of its architectures takes, and says which one takes them', () => {
    const fields = sweepFields(architectures)
    expect(fields.map(({ name, required, onlyFor }) => [name, required, ...onlyFor])).toEqual([
      ['d_sae', true],
      ['k', true, 'topk'],
      ['l1', true, 'relu'],
      ['seed', false],
    ])
  })

  it('names the settings that it leaves out', () => {
    expect(listSettings(architectures)).toEqual(['groups'])
  })

  it('shares single values and varies lists', () => {
    const typed = { d_sae: '16', k: '2, 4,4', l1: '1e-3,', seed: '', groups: '1,2' }
    expect(specOf(sweepFields(architectures), typed, ['topk', 'relu'])).toEqual({
      base: { d_sae: 16, l1: 1e-3 },
      grid: { architecture: ['topk', 'relu'], k: [2, 4] },
    })
  })

  it('reads numbers as people write them, and passes other text on to be refused', () => {
    expect(valuesOf('1k, 1.5M,none,abc', { anyOf: [int, { type: 'null' }] })).toEqual([1000, 1.5e6, null, 'abc'])
    expect(valuesOf('true,false', { type: 'boolean' })).toEqual([true, false])
  })
})
