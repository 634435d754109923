/** Files that are damaged, or mean harm: each is refused by name. */
import { unzipSync, zipSync } from 'fflate'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeSafetensors, parseSafetensors } from '../tensors/safetensors'
import { openTorch, type TorchTensor } from './containers/torch'
import { encodeTorch, type WrittenValue } from './containers/write'
import { copyGolden } from './golden.testing'
import { importDictionary } from './locate'

let scratch: string
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'loupe-refusals-'))
})
afterAll(() => rm(scratch, { recursive: true }))

type Spoil = (dir: string) => Promise<void>

/** Replaces members of an archive; undefined takes one away. */
const members =
  (file: string, changes: Record<string, Uint8Array | string | undefined>): Spoil =>
  async (dir) => {
    const members: Record<string, Uint8Array> = unzipSync(await readFile(join(dir, file)))
    for (const [name, contents] of Object.entries(changes)) {
      if (contents === undefined) delete members[name]
      else members[name] = Buffer.from(contents as string, 'latin1')
    }
    await writeFile(join(dir, file), zipSync(members, { level: 0 }))
  }

const pickle = (text: string): Spoil => members('ae.pt', { 'ae/data.pkl': text })

const bytes =
  (file: string, change: (contents: Buffer) => Buffer): Spoil =>
  async (dir) =>
    writeFile(join(dir, file), change(await readFile(join(dir, file))))

const json =
  (file: string, change: (contents: Record<string, Record<string, unknown>>) => void): Spoil =>
  async (dir) => {
    const contents = JSON.parse(await readFile(join(dir, file), 'utf8')) as Record<string, Record<string, unknown>>
    change(contents)
    await writeFile(join(dir, file), JSON.stringify(contents))
  }

/** Writes a state dict anew, changed. */
const state =
  (file: string, change: (entries: Record<string, WrittenValue | undefined>) => void): Spoil =>
  async (dir) => {
    const opened = await openTorch(join(dir, file))
    const entries: Record<string, WrittenValue | undefined> = {}
    for (const [name, value] of opened.contents as Map<string, TorchTensor | string>) {
      if (typeof value === 'string') entries[name] = value
      else if (!(value instanceof Map)) entries[name] = { shape: value.shape, data: await opened.read(value) }
    }
    opened.close()
    change(entries)
    await writeFile(join(dir, file), encodeTorch(entries as Record<string, WrittenValue>))
  }

/** A tensor as torch's pickles describe it; one-byte numbers. */
const tensorPickle = (offset: number, size: number, stride: number) => {
  const byte = (value: number) => `K${String.fromCharCode(value)}`
  const id = `(X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\x000X\x03\0\0\0cpu${byte(16)}t`
  const call = `ctorch._utils\n_rebuild_tensor_v2\n(${id}Q${byte(offset)}${byte(size)}\x85${byte(stride)}\x85\x89Nt`
  return `\x80\x02}X\x05\0\0\0b_dec${call}Rs.`
}

const ZIP_CENTRAL = Buffer.from('PK\x01\x02')
const DL = 'dictionary_learning/topk'
const CASES: [string, string, Spoil, RegExp][] = [
  [
    'a pickle that calls a function',
    DL,
    pickle('\x80\x02cposix\nsystem\nX\x02\0\0\0ls\x85R.'),
    /ae\.pt: its pickle wants to use posix\.system/,
  ],
  [
    'one that does so by the newer opcode',
    DL,
    pickle('\x80\x04\x8c\x08builtins\x8c\x04eval\x93\x8c\x011\x85R.'),
    /wants to use builtins\.eval/,
  ],
  [
    'a pickle that builds an object',
    DL,
    pickle('\x80\x02ctorch\nfloat32\n)\x81.'),
    /wants to build an object \(opcode 0x81\)/,
  ],
  [
    'one that calls what it may only name',
    DL,
    pickle('\x80\x02ctorch\nfloat32\n)R.'),
    /wants to call what is no function/,
  ],
  [
    'a pickle that ends early',
    DL,
    pickle('\x80\x02}X\xff\0\0\0k'),
    /damaged at byte \d+ of its pickle: 255 more bytes expected/,
  ],
  ['a pickle that pops an empty stack', DL, pickle('\x80\x020.'), /it takes more values than it has/],
  ['a pickle of something else', DL, pickle('\x80\x02K\x01.'), /ae\.pt has no state dict/],
  [
    'a tensor beyond its storage',
    DL,
    pickle(tensorPickle(1, 16, 1)),
    /a tensor \[16\] with strides \[1\] from 1 does not fit its storage of 16/,
  ],
  ['no pickle', DL, members('ae.pt', { 'ae/data.pkl': undefined }), /0 members named data\.pkl, expected one/],
  ['big-endian numbers', DL, members('ae.pt', { 'ae/byteorder': 'big' }), /its numbers are big-endian/],
  [
    'a storage that is missing',
    DL,
    members('ae.pt', { 'ae/data/3': undefined }),
    /ae\/data\/3 is missing, expected 4096 \(FloatStorage\)/,
  ],
  ['a storage cut short', DL, members('ae.pt', { 'ae/data/3': 'abcd' }), /ae\/data\/3 has 4 bytes, expected 4096/],
  [
    'a name that leads out',
    DL,
    members('ae.pt', { '../../evil': 'x' }),
    /ae\.pt: invalid relative path: \.\.\/\.\.\/evil/,
  ],
  ['an absolute name', DL, members('ae.pt', { '/etc/passwd': 'x' }), /ae\.pt: absolute path: \/etc\/passwd/],
  [
    'a name twice',
    DL,
    bytes('ae.pt', (zip) => Buffer.from(zip.toString('latin1').replaceAll('ae/data/2', 'ae/data/1'), 'latin1')),
    /two members named ae\/data\/1/,
  ],
  [
    'a truncated archive',
    DL,
    bytes('ae.pt', (zip) => zip.subarray(0, zip.length - 100)),
    /ae\.pt: not a zip archive, or cut short/,
  ],
  [
    'a damaged storage',
    DL,
    bytes('ae.pt', (zip) => (zip.fill(1, 1300, 1400), zip)),
    /the member ae\/data\/3 is damaged: its checksum differs/,
  ],
  ['no archive', DL, bytes('ae.pt', () => Buffer.from('\x80\x02}.')), /ae\.pt: not a zip archive/],
  [
    'an unknown class',
    DL,
    json('config.json', (c) => (c['trainer']!['dict_class'] = 'AutoEncoderTopKK')),
    /no class of dictionary_learning "AutoEncoderTopKK"/,
  ],
  [
    'an inherited name as class',
    DL,
    json('config.json', (c) => (c['trainer']!['dict_class'] = 'constructor')),
    /no class of dictionary_learning "constructor"/,
  ],
  ['no class', DL, json('config.json', (c) => delete c['trainer']!['dict_class']), /config\.json: trainer\.dict_class/],
  [
    'another width',
    DL,
    json('config.json', (c) => (c['trainer']!['activation_dim'] = 17)),
    /encoder\.weight has the shape \[64, 16\], expected \[64, 17\]/,
  ],
  ['a missing tensor', DL, state('ae.pt', (s) => delete s['b_dec']), /ae\.pt: there is no tensor b_dec/],
  [
    'a tensor too many',
    DL,
    state('ae.pt', (s) => (s['more'] = { shape: [1], data: Float32Array.of(1) })),
    /unexpected tensors more/,
  ],
  [
    'NaN weights',
    DL,
    state('ae.pt', (s) => (s['b_dec'] = { shape: [16], data: new Float32Array(16).fill(NaN) })),
    /ae\.pt: b_dec has 16 of 16 values that are NaN/,
  ],
  [
    'k that is none',
    DL,
    state('ae.pt', (s) => (s['k'] = { shape: [2], data: Float32Array.of(1, 2) })),
    /k is not a finite number of the shape/,
  ],
  [
    'an archive that unpacks to far more',
    'gemma_scope/jumprelu_compressed',
    bytes('params.npz', (zip) => (zip.writeUInt32LE(2e9, zip.indexOf(ZIP_CENTRAL) + 24), zip)),
    /params\.npz: \d+ bytes that would unpack to 20\d{8}/,
  ],
  [
    'an array of objects',
    'gemma_scope/jumprelu',
    npy("{'descr': '|O', 'fortran_order': False, 'shape': (8,), }"),
    /b_dec\.npy has the dtype \|O/,
  ],
  [
    'an array cut short',
    'gemma_scope/jumprelu',
    npy("{'descr': '<f4', 'fortran_order': False, 'shape': (8,), }"),
    /b_dec\.npy has 0 bytes for <f4 \[8\], expected 32/,
  ],
  ['no array', 'gemma_scope/jumprelu', members('params.npz', { 'b_dec.npy': 'x' }), /b_dec\.npy is no \.npy file/],
  [
    'no threshold',
    'gemma_scope/jumprelu',
    members('params.npz', { 'threshold.npy': undefined }),
    /there is no tensor threshold/,
  ],
  [
    'an unknown activation',
    'openai/relu',
    state('autoencoder.pt', (s) => (s['activation'] = 'GELU')),
    /autoencoder\.pt: the activation is GELU/,
  ],
  [
    'codes that may be negative',
    'openai/topk',
    state('autoencoder.pt', (s) => (s['activation_state_dict'] = { k: 3, postact_fn: 'Identity' })),
    /the k largest go through Identity/,
  ],
  [
    'another layout of tensors',
    'openai/relu',
    state('autoencoder.pt', (s) => delete s['encoder.weight']),
    /there is no tensor encoder\.weight/,
  ],
  [
    'groupmax',
    'sparsify/topk',
    json('cfg.json', (c) => Object.assign(c, { activation: 'groupmax' })),
    /cfg\.json: the activation is groupmax/,
  ],
  [
    'infinite weights',
    'sparsify/topk',
    infinite,
    /sae\.safetensors: b_dec has 16 of 16 values that are NaN or infinite/,
  ],
  [
    'no configuration',
    'attention_saes/safetensors',
    (dir) => rm(join(dir, 'gpt2-small_L5_Hcat_z_ds16_v9_cfg.json')),
    /has no dictionary of a known format; it contains gpt2/,
  ],
  [
    'another number of latents',
    'attention_saes/pt',
    json('gpt2-small_L5_Hcat_z_ds16_v9_cfg.json', (c) => Object.assign(c, { dict_size: 17 })),
    /W_enc has the shape \[8, 16\], expected \[8, 17\]/,
  ],
]

function npy(header: string): Spoil {
  const length = String.fromCharCode(header.length, 0)
  return members('params.npz', { 'b_dec.npy': `\x93NUMPY\x01\0${length}${header}` })
}

async function infinite(dir: string): Promise<void> {
  const path = join(dir, 'sae.safetensors')
  const blob = parseSafetensors(await readFile(path))
  const tensors = [...blob.tensors].map(([name, { shape }]) => [name, { shape, data: blob.read(name) }] as const)
  const b_dec = { shape: [16], data: new Float32Array(16).fill(Infinity) }
  await writeFile(path, encodeSafetensors({ ...Object.fromEntries(tensors), b_dec }))
}

describe('is refused', () => {
  it.each(CASES)('%s', async (_, folder, spoil, message) => {
    const dir = await copyGolden(folder, scratch)
    await spoil(dir)
    await expect(importDictionary(dir)).rejects.toMatchObject({
      name: 'LoupeError',
      message: expect.stringMatching(message) as string,
    })
  })

  it('a repeated view that would fill the memory', async () => {
    const dir = await copyGolden(DL, scratch)
    const huge = `J${String.fromCharCode(0, 0, 0, 0x7f)}`
    await pickle(tensorPickle(0, 1, 0).replace('K\x01\x85', `${huge}\x85`))(dir)
    await expect(importDictionary(dir)).rejects.toThrow(/with strides \[0\] from 0 does not fit its storage/)
  })

  it('a folder of another format than the named one', async () => {
    const dir = await copyGolden(DL, scratch)
    await expect(importDictionary(dir, 'saelens')).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/has no saelens dictionary; it contains ae\.pt, config\.json/) as string,
      remedy: expect.stringContaining('cfg.json and sae_weights.safetensors') as string,
    })
  })
})
