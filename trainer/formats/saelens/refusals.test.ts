/** Folders in SAELens's layout that are damaged, or not what they say: each is refused by name. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { encodeSafetensors } from '../../tensors/safetensors'
import { copyGolden } from '../golden.testing'
import { importDictionary } from '../locate'
import { editConfig, editWeights } from './saelens.testing'

let scratch: string
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'loupe-saelens-'))
})
afterAll(() => rm(scratch, { recursive: true }))

describe('a spoiled folder', () => {
  let dir: string
  beforeEach(async () => {
    dir = await copyGolden('saelens/jumprelu', scratch)
  })

  it('is refused when there is none, or a file is missing', async () => {
    await expect(importDictionary(join(dir, 'none'))).rejects.toThrow(/there is no folder or file .*none/)
    await expect(importDictionary(join(dir, 'cfg.json'))).rejects.toThrow(
      /cfg\.json has no dictionary of a known format/,
    )
    await rm(join(dir, 'cfg.json'))
    await expect(importDictionary(dir)).rejects.toThrow(
      /has no dictionary of a known format; it contains io\.safetensors, note\.json, sae_weights/,
    )
    await rm(join(dir, 'sae_weights.safetensors'))
    await expect(importDictionary(dir)).rejects.toThrow(/contains io\.safetensors, note\.json$/)
  })

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['another width', { d_in: 17 }, /sae_weights\.safetensors: W_enc has the shape \[16, 64\], expected \[17, 64\]/],
    ['another architecture', { architecture: 'gated' }, /there is no tensor b_gate/],
    ['an unknown architecture', { architecture: 'jumpreluu' }, /there is no SAELens architecture "jumpreluu"/],
    ['an inherited name as architecture', { architecture: 'constructor' }, /no SAELens architecture "constructor"/],
    ['a training-only architecture', { architecture: 'batchtopk' }, /batchtopk: a training checkpoint/],
    ['signed codes', { architecture: 'abstopk' }, /abstopk: its latents may be negative/],
    ['a transcoder without d_out', { architecture: 'jumprelu_transcoder' }, /d_out is missing/],
    ['topk without k', { architecture: 'topk' }, /cfg\.json: activation\.k/],
    ['a width of zero', { d_sae: 0 }, /cfg\.json: d_sae/],
    ['no widths', { d_in: undefined, d_sae: undefined }, /cfg\.json: d_in: .*; d_sae: /],
    ['an unknown normalisation', { normalize_activations: 'batch' }, /cfg\.json: normalize_activations/],
    ['metadata that is no object', { metadata: 3, sae_lens_version: '6.1.0' }, /cfg\.json: metadata/],
    ['an unknown activation of old', { metadata: {}, activation_fn_str: 'tanh-relu' }, /function is "tanh-relu"/],
  ])('with %s is refused', async (_, changes, message) => {
    await editConfig(dir, changes)
    await expect(importDictionary(dir)).rejects.toThrow(message)
  })

  it.each([
    ['no JSON', '{"d_in": NaN', /cfg\.json is not JSON/],
    ['a list', '[]', /cfg\.json: contents: /],
  ])('with %s as configuration is refused', async (_, text, message) => {
    await writeFile(join(dir, 'cfg.json'), text)
    await expect(importDictionary(dir)).rejects.toThrow(message)
  })

  it.each([NaN, Infinity])('with %d among the weights is refused', async (value) => {
    await editWeights(dir, (tensors) => tensors['threshold']!.data.fill(value, 10, 12))
    await expect(importDictionary(dir)).rejects.toThrow(/threshold has 2 of 64 values that are NaN or infinite/)
  })

  it('with weights that are cut, or claim a header of 1 GB, is refused', async () => {
    const path = join(dir, 'sae_weights.safetensors')
    const bytes = await readFile(path)
    await writeFile(path, bytes.subarray(0, bytes.length - 1))
    await expect(importDictionary(dir)).rejects.toThrow(/sae_weights\.safetensors: truncated/)
    bytes.writeBigUInt64LE(2n ** 30n)
    await writeFile(path, bytes)
    await expect(importDictionary(dir)).rejects.toThrow(/sae_weights\.safetensors: its header claims 1073741824 bytes/)
  })

  it('with surplus tensors is refused, except for a scaling factor of one', async () => {
    await editWeights(
      dir,
      (tensors) => (tensors['scaling_factor'] = { shape: [64], data: new Float32Array(64).fill(1) }),
    )
    expect(Object.keys((await importDictionary(dir)).tensors)).not.toContain('scaling_factor')
    await editWeights(dir, (tensors) => tensors['scaling_factor']!.data.fill(2))
    await expect(importDictionary(dir)).rejects.toThrow(/scaling_factor is not 1/)
    await editWeights(dir, (tensors) => {
      delete tensors['scaling_factor']
      tensors['log_threshold'] = tensors['threshold']!
    })
    await expect(importDictionary(dir)).rejects.toThrow(/unexpected tensors log_threshold/)
  })

  it('with oddities is read, with a warning for each', async () => {
    await editConfig(dir, { l1_coefficient: 3, decoder_init_norm: 0.1 })
    await editWeights(dir, (tensors) => tensors['threshold']!.data.fill(-1, 0, 3))
    await writeFile(
      join(dir, 'sparsity.safetensors'),
      encodeSafetensors({ sparsity: { shape: [3], data: new Float32Array(3) } }),
    )
    const { warnings, density } = await importDictionary(dir)
    expect(density).toBeUndefined()
    expect(warnings).toEqual([
      'cfg.json: unknown keys were ignored: l1_coefficient, decoder_init_norm',
      'sae_weights.safetensors: 3 of 64 thresholds are negative and act as 0',
      'sparsity.safetensors was ignored: 3 values for 64 latents',
    ])
    await writeFile(join(dir, 'sparsity.safetensors'), 'nothing')
    expect((await importDictionary(dir)).warnings.at(-1)).toMatch(/sparsity\.safetensors was ignored: .*7 bytes/)
  })
})
