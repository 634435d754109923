import { expect, it } from 'vitest'
import { newRunAddress } from './address'

const named = (id: string, name: string) => ({ id, name })
const run = {
  id: 'a-run',
  engine: 'auto',
  settings: { architecture: 'topk', d_sae: 64 },
  harvest: { ...named('h', 'tokens'), hook: 'blocks.0.hook_resid_post', model: named('m', 'model') },
  parent: { run: 'its-parent', name: 'first', step: 50, sha256: '' },
}
const from = (address: string) => new URLSearchParams(address.split('?')[1]).get('from')

it('the address names a checkpoint by the id of its run, since a newer run may have the same name', () => {
  expect(from(newRunAddress(run, 'best'))).toBe('a-run@best')
  expect(from(newRunAddress(run, 70))).toBe('a-run@70')
  expect(from(newRunAddress(run))).toBe('its-parent@50')
  expect(from(newRunAddress({ ...run, parent: null }))).toBeNull()
})
