/** Every format against files of the library itself, and its exports against its imports. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Dictionary } from '../sae/dictionary/dictionary'
import { loadBackend } from '../tensors/backend'
import { difference, GOLDEN_FORMATS, readGolden, runDictionary } from './golden.testing'
import { importDictionary } from './locate'
import { dictionaryFormat, formatNames } from '.'

let scratch: string
beforeAll(async () => {
  await loadBackend()
  scratch = await mkdtemp(join(tmpdir(), 'loupe-formats-'))
})
afterAll(() => rm(scratch, { recursive: true }))

const GPT2 = { model_name: 'gpt2', hook_name: 'blocks.3.hook_resid_post', context_size: 128 }
const HEADS = { model_name: 'gpt2-small', hook_name: 'blocks.5.attn.hook_z', context_size: 128 }
const NOTHING = { model_name: null, hook_name: null }

const CASES = [
  {
    folder: 'dictionary_learning/standard',
    format: 'dictionary-learning',
    activation: { kind: 'relu' },
    metadata: GPT2,
  },
  { folder: 'dictionary_learning/topk', format: 'dictionary-learning', activation: { k: 5 }, metadata: GPT2 },
  { folder: 'dictionary_learning/batch_topk', format: 'dictionary-learning', activation: {}, metadata: GPT2 },
  { folder: 'dictionary_learning/jumprelu', format: 'dictionary-learning', activation: {}, metadata: GPT2 },
  {
    folder: 'dictionary_learning/AutoEncoderNew',
    format: 'dictionary-learning',
    activation: { kind: 'relu' },
    metadata: GPT2,
  },
  {
    folder: 'dictionary_learning/GatedAutoEncoder',
    format: 'dictionary-learning',
    activation: { kind: 'gated' },
    metadata: GPT2,
  },
  {
    folder: 'dictionary_learning/MatryoshkaBatchTopKSAE',
    format: 'dictionary-learning',
    activation: {},
    metadata: GPT2,
  },
  { folder: 'openai/topk', format: 'openai', activation: { kind: 'topk', k: 3 }, metadata: NOTHING },
  { folder: 'openai/relu', format: 'openai', activation: { kind: 'relu' }, metadata: NOTHING },
  { folder: 'gemma_scope/jumprelu', format: 'gemma-scope', activation: { kind: 'jumprelu' }, metadata: NOTHING },
  {
    folder: 'gemma_scope/jumprelu_compressed',
    format: 'gemma-scope',
    activation: { kind: 'jumprelu' },
    metadata: NOTHING,
  },
  { folder: 'attention_saes/pt', format: 'attention-saes', activation: { kind: 'relu' }, metadata: HEADS },
  { folder: 'attention_saes/safetensors', format: 'attention-saes', activation: { kind: 'relu' }, metadata: HEADS },
  { folder: 'sparsify/topk', format: 'sparsify', activation: { kind: 'topk', k: 5 }, metadata: NOTHING },
  { folder: 'sparsify/transcoder_skip', format: 'sparsify', activation: { kind: 'topk', k: 5 }, metadata: NOTHING },
]

const PLAIN = CASES.map(({ folder }) => folder).filter((folder) => folder !== 'openai/topk' && !folder.includes('skip'))
const withWord = (...words: string[]) => PLAIN.filter((folder) => words.some((word) => folder.includes(word)))
const RELU = withWord('standard', 'AutoEncoderNew', 'relu', 'attention').filter(
  (folder) => !folder.includes('jumprelu'),
)
const JUMPRELU = withWord('jumprelu', 'batch_topk', 'Matryoshka')

/** The dictionaries that each layout can represent. */
const FITS: Readonly<Record<string, string[]>> = {
  saelens: [...PLAIN, 'openai/topk'],
  'dictionary-learning': PLAIN,
  sparsify: [...PLAIN, 'sparsify/transcoder_skip'].filter((folder) => /\/topk|skip/.test(folder)),
  openai: [...RELU, 'openai/topk'],
  'gemma-scope': [...RELU, ...JUMPRELU],
  'attention-saes': RELU,
}

it.each(CASES)('$folder has the codes and outputs of its library', async ({ folder, ...expected }) => {
  const { config, tensors, warnings, metadata, format } = await importDictionary(join(GOLDEN_FORMATS, folder))
  expect(warnings).toEqual([])
  expect({ format, activation: config.activation, metadata }).toMatchObject(expected)
  const { x, shape, acts, output } = await readGolden(folder)
  const result = runDictionary(Dictionary.create(config, tensors), x, shape)
  expect(difference(result.acts, acts)).toBeLessThan(1e-5)
  for (const recon of result.outputs) expect(difference(recon, output)).toBeLessThan(1e-5)
})

/** A dictionary comes back as it was, or as another one that computes the same. */
it.each(CASES.flatMap(({ folder }) => formatNames.map((format) => ({ folder, format }))))(
  '$folder as $format comes back, or is refused',
  async ({ folder, format }) => {
    const original = await importDictionary(join(GOLDEN_FORMATS, folder))
    const dictionary = Dictionary.create(original.config, original.tensors)
    const dir = join(scratch, `${folder.replace('/', '-')}-${format}`)
    const written = await dictionaryFormat(format)
      .export(dictionary, original.metadata, dir)
      .catch((error: unknown) => {
        expect(error).toMatchObject({
          code: 'unsupported',
          remedy: expect.stringMatching(/^export it with|transcoder/) as string,
        })
        return undefined
      })
    expect(written !== undefined, 'whether it can be written').toBe(FITS[format]!.includes(folder))
    if (!written) return
    const again = await importDictionary(dir)
    expect(again).toMatchObject({ format, warnings: [] })
    const { x, shape, acts, output } = await readGolden(folder)
    const result = runDictionary(Dictionary.create(again.config, again.tensors), x, shape)
    expect(difference(result.acts, acts)).toBeLessThan(1e-5)
    expect(difference(result.outputs[0]!, output)).toBeLessThan(1e-5)
  },
)

it.each(CASES)('$folder comes back unchanged in its own format', async ({ folder, format }) => {
  const original = await importDictionary(join(GOLDEN_FORMATS, folder))
  const dictionary = Dictionary.create(original.config, original.tensors)
  const dir = join(scratch, `${folder.replace('/', '-')}-again`)
  await dictionaryFormat(format).export(dictionary, original.metadata, dir)
  const again = await importDictionary(dir)
  const { x, shape } = await readGolden(folder)
  const [before, after] = [original, again].map(({ config, tensors }) =>
    runDictionary(Dictionary.create(config, tensors), x, shape),
  )
  expect(difference(after!.acts, before!.acts)).toBeLessThan(1e-6)
  expect(difference(after!.outputs[0]!, before!.outputs[0]!)).toBeLessThan(1e-6)
  const { model_name, hook_name, hook_name_out, context_size } = original.metadata
  const carried = format === 'gemma-scope' || format === 'openai' || format === 'sparsify' ? {} : { context_size }
  expect(again.metadata).toMatchObject({ model_name, hook_name, hook_name_out, ...carried })
  expect(Object.keys(again.tensors).sort()).toEqual(Object.keys(original.tensors).sort())
})
