import { beforeAll, describe, expect, it } from 'vitest'
import { loadBackend } from '../../../tensors/backend'
import { Oracle } from '../../step/oracle.testing'
import { createEngine } from '..'
import { createReferenceEngine } from './engine'
import { gappedRows, initialised, relativeError, roughParameters, smallSpec } from '../engines.testing'

describe.each(['cpu', 'wasm'] as const)('the reference engine on the %s backend', (backend) => {
  beforeAll(async () => {
    await loadBackend(backend)
  })

  it('follows the oracle through 20 steps', async () => {
    const spec = smallSpec({ deadAfterTokens: 100 })
    const engine = await initialised(createReferenceEngine(), spec)
    const oracle = new Oracle(spec, roughParameters(spec))
    for (let step = 0; step < 20; step++) {
      const x = gappedRows(oracle, spec, 32, 1e-3, `step ${step}`)
      oracle.step({ x }, 1e-3)
      await engine.step({ x }, { learningRate: 1e-3, readMetrics: false })
    }
    const parameters = await engine.params()
    for (const name of ['W_enc', 'b_enc', 'W_dec', 'b_dec'] as const) {
      expect(relativeError(parameters[name]!.data, oracle.parameters[name]), name).toBeLessThan(1e-5)
    }
    engine.dispose()
  })

  it('is what "auto" means here', () => {
    expect(createEngine('auto').info).toMatchObject({ name: 'reference', device: 'cpu', dtype: 'float32' })
    expect(() => createEngine('tensorflow')).toThrow(/does not run on the backend "(cpu|wasm)"/)
    expect(() => createEngine('tensorflo')).toThrow(/there is no engine "tensorflo"/)
  })
})
