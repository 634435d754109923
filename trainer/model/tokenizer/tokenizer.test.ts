import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { LoupeError } from '../../errors'
import { tokenizerFromGguf } from './gguf'
import { tokenizerFromFolder } from './huggingFace'
import { ggufMetadata } from '../load/ggufMetadata'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loupe-tokenizer-'))
  return () => rm(folder, { recursive: true, force: true })
})

/** Every byte is a token, then a merge, then two special tokens; a first token is added to every text. */
const bytes = Array.from({ length: 256 }, (_, byte) => byteName(byte))
const specials = ['<s>', '</s>'].map((content, i) => ({
  id: 257 + i,
  content,
  special: true,
  normalized: false,
  single_word: false,
  lstrip: false,
  rstrip: false,
}))
const vocab = Object.fromEntries([...bytes, 'ab'].map((name, id) => [name, id]))
const json = {
  added_tokens: specials,
  normalizer: null,
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
  post_processor: {
    type: 'TemplateProcessing',
    single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
    pair: [],
    special_tokens: { '<s>': { id: '<s>', ids: [257], tokens: ['<s>'] } },
  },
  decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
  model: { type: 'BPE', vocab, merges: ['a b'], unk_token: null, ignore_merges: false },
}

/** GPT-2's alphabet, written out here on its own. */
function byteName(byte: number): string {
  const kept = [...range(33, 126), ...range(161, 172), ...range(174, 255)]
  if (kept.includes(byte)) return String.fromCharCode(byte)
  return String.fromCharCode(
    256 +
      range(0, 255)
        .filter((other) => !kept.includes(other))
        .indexOf(byte),
  )
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}

const put = (name: string, content: unknown) =>
  writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))

describe('the tokenizer of a folder', () => {
  it('is absent without a tokenizer.json', async () => {
    expect(await tokenizerFromFolder(folder)).toBeUndefined()
  })

  it('encodes, decodes and names every byte, with the first token that its model wants', async () => {
    await put('tokenizer.json', json)
    const tokenizer = (await tokenizerFromFolder(folder))!
    expect(tokenizer.vocabularySize).toBe(259)
    expect(tokenizer.encode('cab')).toEqual([257, 99, 256])
    expect(tokenizer.encode('')).toEqual([])
    expect(tokenizer.decode([])).toBe('')
    expect(tokenizer.decode([257, 99, 256, 258])).toBe('<s>cab</s>')
    for (const byte of range(0, 127)) expect(tokenizer.tokenText(byte)).toBe(String.fromCharCode(byte))
    for (const byte of range(128, 255)) expect(tokenizer.tokenText(byte)).toBe('\ufffd')
    expect([257, 258, 259].map((id) => tokenizer.tokenText(id))).toEqual(['<s>', '</s>', '<259>'])
  })

  it('knows its special tokens and what ends a text', async () => {
    await put('tokenizer.json', json)
    await put('tokenizer_config.json', { bos_token: '<s>', eos_token: { content: '</s>' }, pad_token: null, other: 1 })
    await put('generation_config.json', { eos_token_id: [258, 7] })
    const tokenizer = (await tokenizerFromFolder(folder))!
    expect(tokenizer.specialIds).toEqual({ bos: 257, eos: 258, ends: [258, 7] })
  })

  it('writes chats without a first token twice, and says when it cannot', async () => {
    await put('tokenizer.json', json)
    const none = (await tokenizerFromFolder(folder))!
    expect(() => none.applyChatTemplate([{ role: 'user', content: 'hi' }])).toThrow(/no chat template/)
    const template =
      "{{ bos_token }}{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no system') }}{% endif %}" +
      '[{{ m.role }}] {{ m.content }}{{ eos_token }}{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}'
    await put('tokenizer_config.json', { bos_token: '<s>', eos_token: '</s>', chat_template: template })
    const tokenizer = (await tokenizerFromFolder(folder))!
    const prompt = tokenizer.applyChatTemplate([{ role: 'user', content: 'hi' }])
    expect(prompt).toBe('[user] hi</s>[assistant]')
    expect(tokenizer.encode(prompt).filter((id) => id === 257)).toHaveLength(1)
    expect(() => tokenizer.applyChatTemplate([{ role: 'system', content: 'x' }])).toThrow(LoupeError)
    await put('chat_template.jinja', 'from its own file')
    expect((await tokenizerFromFolder(folder))!.applyChatTemplate([])).toBe('from its own file')
    const several = [
      { name: 'tools', template: 'no' },
      { name: 'default', template: 'yes' },
    ]
    await rm(join(folder, 'chat_template.jinja'))
    await put('tokenizer_config.json', { chat_template: several })
    expect((await tokenizerFromFolder(folder))!.applyChatTemplate([])).toBe('yes')
  })

  it('has a hash that depends on nothing but its JSON', async () => {
    await put('tokenizer.json', JSON.stringify(json))
    const compact = (await tokenizerFromFolder(folder))!.hash
    await put('tokenizer.json', JSON.stringify(json, null, 2))
    expect((await tokenizerFromFolder(folder))!.hash).toBe(compact)
    await put('tokenizer.json', { ...json, model: { ...json.model, merges: [] } })
    expect((await tokenizerFromFolder(folder))!.hash).not.toBe(compact)
  })

  it('is refused by name when it is damaged', async () => {
    await put('tokenizer.json', '{')
    await expect(tokenizerFromFolder(folder)).rejects.toThrow(/tokenizer.json is not JSON/)
    await put('tokenizer.json', { model: { vocab: { a: 'b' } } })
    await expect(tokenizerFromFolder(folder)).rejects.toBeInstanceOf(LoupeError)
    await put('tokenizer.json', { ...json, pre_tokenizer: { type: 'Unheard' } })
    await expect(tokenizerFromFolder(folder)).rejects.toBeInstanceOf(LoupeError)
  })
})

describe('the tokenizer of a GGUF file', () => {
  const values = {
    'tokenizer.ggml.model': 'gpt2',
    'tokenizer.ggml.pre': 'gpt-2',
    'tokenizer.ggml.tokens': [...bytes, 'ab', '<s>', '</s>'],
    'tokenizer.ggml.token_type': [...new Array<number>(257).fill(1), 3, 4],
    'tokenizer.ggml.merges': ['a b'],
    'tokenizer.ggml.bos_token_id': 257,
    'tokenizer.ggml.eos_token_id': 258,
    'tokenizer.ggml.eot_token_id': 7,
  }

  it('adds a first token where the file says so, and never by itself', () => {
    const plain = tokenizerFromGguf(ggufMetadata(values, 'x.gguf'))!
    expect(plain.encode('cab</s>')).toEqual([99, 256, 258])
    expect(plain.specialIds).toEqual({ bos: 257, eos: 258, ends: [258, 7] })
    const adding = tokenizerFromGguf(ggufMetadata({ ...values, 'tokenizer.ggml.add_bos_token': true }, 'x.gguf'))!
    expect(adding.encode('cab')).toEqual([257, 99, 256])
    expect(adding.hash).not.toBe(plain.hash)
  })

  it('is absent without tokens, refused with contradictory ones', () => {
    expect(tokenizerFromGguf(ggufMetadata({}, 'x.gguf'))).toBeUndefined()
    const short = { ...values, 'tokenizer.ggml.token_type': [1] }
    expect(() => tokenizerFromGguf(ggufMetadata(short, 'x.gguf'))).toThrow(/259 tokens.*1 token types/)
    const nameless = { ...values, 'tokenizer.ggml.add_bos_token': true, 'tokenizer.ggml.bos_token_id': 999 }
    expect(() => tokenizerFromGguf(ggufMetadata(nameless, 'x.gguf'))).toThrow(LoupeError)
  })
})
