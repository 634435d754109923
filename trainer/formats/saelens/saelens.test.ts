import * as tf from '@tensorflow/tfjs-core'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Dictionary } from '../../sae/dictionary/dictionary'
import { loadBackend } from '../../tensors/backend'
import { openSafetensors } from '../../tensors/safetensors'
import { copyGolden, difference, GOLDEN_FORMATS, readGolden, runDictionary } from '../golden.testing'
import { importDictionary } from '../locate'
import { dictionaryFormat } from '..'
import { editConfig } from './saelens.testing'

const GOLDEN = join(GOLDEN_FORMATS, 'saelens')
const saelens = dictionaryFormat('saelens')

let scratch: string
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'loupe-saelens-'))
})
afterAll(() => rm(scratch, { recursive: true }))

const CASES = [
  { name: 'standard', tolerance: 1e-5, activation: { kind: 'relu' } },
  { name: 'standard_bfloat16', tolerance: 2e-2, activation: { kind: 'relu' } },
  { name: 'standard_constant_norm_rescale', tolerance: 1e-5, activation: { kind: 'relu' } },
  { name: 'standard_layer_norm', tolerance: 1e-5, activation: { kind: 'relu' } },
  { name: 'standard_hook_z', tolerance: 1e-5, activation: { kind: 'relu' } },
  { name: 'topk', tolerance: 1e-5, activation: { kind: 'topk', k: 5, rescale_acts_by_decoder_norm: false } },
  { name: 'topk_apply_b_dec_false', tolerance: 1e-5, activation: { kind: 'topk', k: 5 } },
  { name: 'topk_rescale_acts_by_decoder_norm', tolerance: 1e-5, activation: { rescale_acts_by_decoder_norm: true } },
  { name: 'batchtopk_inference_jumprelu', tolerance: 1e-5, activation: { kind: 'jumprelu' } },
  { name: 'jumprelu', tolerance: 1e-5, activation: { kind: 'jumprelu' } },
  { name: 'gated', tolerance: 1e-5, activation: { kind: 'gated' } },
  { name: 'transcoder', tolerance: 1e-5, activation: { kind: 'relu' } },
  { name: 'skip_transcoder', tolerance: 1e-5, activation: { kind: 'relu' } },
  { name: 'legacy_v4_topk', tolerance: 1e-5, activation: { kind: 'topk', k: 5 } },
]

describe.each(['wasm', 'tensorflow'] as const)('import, on %s', (backend) => {
  beforeAll(async () => {
    await loadBackend(backend)
    expect(tf.getBackend()).toBe(backend)
  })

  it.each(CASES)('computes the codes and outputs of $name', async ({ name, tolerance, activation }) => {
    const { config, tensors, warnings, metadata } = await importDictionary(join(GOLDEN, name))
    expect(warnings).toEqual([])
    expect(config.activation).toMatchObject(activation)
    expect(metadata).toMatchObject({
      model_name: 'gpt2-small',
      hook_name: name === 'standard_hook_z' ? 'blocks.3.attn.hook_z' : 'blocks.3.hook_resid_pre',
      context_size: 128,
      prepend_bos: true,
    })
    const { x, shape, acts, output } = await readGolden(`saelens/${name}`)
    const result = runDictionary(Dictionary.create(config, tensors), x, shape)
    expect(difference(result.acts, acts)).toBeLessThan(tolerance)
    for (const recon of result.outputs) expect(difference(recon, output)).toBeLessThan(tolerance)
  })
})

it.each(CASES)('$name survives export and import', async ({ name }) => {
  const imported = await importDictionary(join(GOLDEN, name))
  const dir = join(scratch, `round-${name}`)
  await saelens.export(Dictionary.create(imported.config, imported.tensors), imported.metadata, dir)
  const again = await importDictionary(dir)
  expect(again.warnings).toEqual([])
  expect(again.config).toEqual(imported.config)
  expect(again.tensors).toEqual(imported.tensors)
  expect(again.metadata).toMatchObject({ ...imported.metadata, extra: { sae_lens_version: '6.54.12' } })
})

describe('export', () => {
  const topk = async () => {
    const { config, tensors } = await importDictionary(join(GOLDEN, 'topk'))
    return Dictionary.create(config, tensors)
  }
  const metadata = { model_name: 'a/b', hook_name: 'blocks.9.hook_resid_post', context_size: 128, prepend_bos: false }

  it('writes the keys that SAELens reads', async () => {
    const dir = join(scratch, 'written')
    const density = Float32Array.from({ length: 64 }, (_, i) => (i === 0 ? 0 : i / 64))
    const files = await saelens.export(await topk(), { ...metadata, extra: { l0: 5 } }, dir, { density })
    expect(files).toEqual(['cfg.json', 'sae_weights.safetensors', 'sparsity.safetensors'])
    expect(JSON.parse(await readFile(join(dir, 'cfg.json'), 'utf8'))).toEqual({
      architecture: 'topk',
      d_in: 16,
      d_sae: 64,
      k: 5,
      rescale_acts_by_decoder_norm: false,
      dtype: 'float32',
      device: 'cpu',
      apply_b_dec_to_input: true,
      normalize_activations: 'none',
      reshape_activations: 'none',
      metadata: {
        sae_lens_version: '6.54.12',
        sae_lens_training_version: null,
        model_name: 'a/b',
        model_class_name: 'HookedTransformer',
        model_from_pretrained_kwargs: {},
        hook_name: 'blocks.9.hook_resid_post',
        hook_head_index: null,
        context_size: 128,
        prepend_bos: false,
        seqpos_slice: [null],
        exclude_special_tokens: false,
        dataset_path: null,
        neuronpedia_id: null,
        training_architecture: 'topk',
        exported_by: 'loupe',
        l0: 5,
      },
    })
    await using sparsity = await openSafetensors(join(dir, 'sparsity.safetensors'))
    const logarithms = await sparsity.read('sparsity')
    expect(logarithms[0]).toBeCloseTo(-10, 5)
    expect(logarithms[32]).toBeCloseTo(Math.log10(0.5), 6)
    const again = await importDictionary(dir)
    expect(again.density!.every((share, i) => Math.abs(share - density[i]!) < 1e-6)).toBe(true)
  })

  it('does not change a folder that is not empty', async () => {
    const dir = await copyGolden('saelens/gated', scratch)
    await expect(saelens.export(await topk(), metadata, dir)).rejects.toMatchObject({ code: 'conflict' })
    expect((await importDictionary(dir)).config.activation.kind).toBe('gated')
  })

  it('refuses what SAELens has no architecture for, and heads at another hook', async () => {
    const imported = await importDictionary(join(GOLDEN, 'transcoder'))
    const activation = { kind: 'topk', k: 5 } as const
    const transcoder = Dictionary.create({ ...imported.config, activation }, imported.tensors)
    await expect(saelens.export(transcoder, {}, join(scratch, 'none'))).rejects.toThrow(/no topk transcoder/)
    const z = await importDictionary(join(GOLDEN, 'standard_hook_z'))
    const heads = Dictionary.create(z.config, z.tensors)
    await expect(saelens.export(heads, metadata, join(scratch, 'none'))).rejects.toThrow(/its hook is blocks\.9/)
  })
})

describe('inputs scaled by the trainer', () => {
  beforeAll(async () => {
    await loadBackend()
  })

  it('are scaled in the weights where the checkpoint has the factor', async () => {
    const dir = await copyGolden('saelens/standard', scratch)
    await editConfig(dir, { normalize_activations: 'expected_average_only_in' })
    await writeFile(join(dir, 'activation_scaler.json'), JSON.stringify({ scaling_factor: 2.5, has_whitening: false }))
    const { config, tensors, warnings } = await importDictionary(dir)
    expect(warnings).toEqual([expect.stringContaining('2.5')])
    const { x, shape, acts, output } = await readGolden('saelens/standard')
    const result = runDictionary(
      Dictionary.create(config, tensors),
      x.map((value) => value / 2.5),
      shape,
    )
    expect(difference(result.acts, acts)).toBeLessThan(1e-5)
    expect(
      difference(
        result.outputs[0]!,
        output.map((value) => value / 2.5),
      ),
    ).toBeLessThan(1e-5)
  })

  it('are not scaled, with a warning, where the factor is lost', async () => {
    const dir = await copyGolden('saelens/standard', scratch)
    await editConfig(dir, { normalize_activations: 'expected_average_only_in' })
    const { config, tensors, warnings } = await importDictionary(dir)
    expect(config.normalize_activations).toBe('none')
    expect(warnings).toEqual([expect.stringContaining('the factor is not in the folder')])
    const { x, shape, acts } = await readGolden('saelens/standard')
    expect(difference(runDictionary(Dictionary.create(config, tensors), x, shape).acts, acts)).toBeLessThan(1e-5)
  })

  it('are refused when whitened', async () => {
    const dir = await copyGolden('saelens/standard', scratch)
    await editConfig(dir, { normalize_activations: 'covariance_whitening' })
    await expect(importDictionary(dir)).rejects.toMatchObject({ code: 'unsupported' })
  })
})

it.each([
  ['mutual-choice', [0.5, 0.5], 'one threshold for all'],
  ['feature-choice', [0.5, 0.7], 'its own threshold'],
])('an export of %s says how it was trained and what it computes', async (architecture, thresholds, rule) => {
  const { config, tensors } = await importDictionary(join(GOLDEN, 'jumprelu'))
  const threshold = { shape: [64], data: Float32Array.from({ length: 64 }, (_, latent) => thresholds[latent % 2]!) }
  const dir = join(scratch, architecture)
  const trained = Dictionary.create({ ...config, architecture }, { ...tensors, threshold })
  await saelens.export(trained, { extra: { training_architecture_details: { k: 3 } } }, dir)
  expect(JSON.parse(await readFile(join(dir, 'cfg.json'), 'utf8'))).toMatchObject({
    architecture: 'jumprelu',
    metadata: {
      sae_lens_version: expect.stringMatching(/^6\./) as string,
      training_architecture: architecture,
      training_architecture_details: { k: 3 },
      inference_rule: expect.stringContaining(rule) as string,
    },
  })
  expect((await importDictionary(dir)).config.architecture).toBe(architecture)
})

describe('layouts before version 6', () => {
  it('read a hook_z and a scaled dictionary as SAELens does', async () => {
    const dir = await copyGolden('saelens/legacy_v4_topk', scratch)
    await editConfig(dir, { hook_name: undefined, hook_point: 'blocks.3.attn.hook_z', normalize_activations: true })
    const { config, metadata, warnings } = await importDictionary(dir)
    expect(config).toMatchObject({ reshape_activations: 'hook_z', normalize_activations: 'none' })
    expect(metadata.hook_name).toBe('blocks.3.attn.hook_z')
    expect(warnings).toEqual([expect.stringContaining('expected_average_only_in')])
  })
})
