/** The tokenizer of a GGUF file: its metadata as a tokenizer.json. */
import { LoupeError, unknownName } from '../../errors'
import type { GgufMetadata } from '../families/family'
import type { LoupeTokenizer } from '../types'
import { createTokenizer, type TokenizerJson } from './tokenizer'

/** GGUF's token types (llama.cpp, `llama_token_type`). */
const CONTROL = 3
const USER_DEFINED = 4

const byteLevel = (use_regex: boolean) => ({
  type: 'ByteLevel',
  add_prefix_space: false,
  trim_offsets: true,
  use_regex,
})
const split = (Regex: string) => ({ type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false })
const sequence = (...pretokenizers: object[]) => ({ type: 'Sequence', pretokenizers })

/**
 * How text is cut before the merges, by `tokenizer.ggml.pre`. A new way is one entry and its golden strings. (With
 * `Digits` instead of the split, SmolLM2's `²` and `⅓` go wrong.)
 */
const PRE_TOKENIZERS: Readonly<Record<string, object>> = {
  smollm: sequence(split('\\p{N}'), byteLevel(true)),
  'gpt-2': byteLevel(true),
}

/**
 * @returns undefined for a file without a tokenizer
 * @throws LoupeError for kinds of tokenizers that Loupe does not build, naming the kinds that it builds
 */
export function tokenizerFromGguf(metadata: GgufMetadata): LoupeTokenizer | undefined {
  const { source } = metadata
  if (!metadata.has('tokenizer.ggml.model')) return undefined
  const model = metadata.string('tokenizer.ggml.model')
  if (model !== 'gpt2') throw unknownName('GGUF tokenizer model', model, ['gpt2'])
  const pre = metadata.string('tokenizer.ggml.pre', 'gpt-2')
  const preTokenizer = PRE_TOKENIZERS[pre]
  if (!preTokenizer) throw unknownName('GGUF pre-tokenizer', pre, Object.keys(PRE_TOKENIZERS))
  const tokens = metadata.strings('tokenizer.ggml.tokens')
  const types = metadata.numbers('tokenizer.ggml.token_type')
  if (types.length !== tokens.length) {
    throw new LoupeError('bad-input', `${source}: ${tokens.length} tokens, but ${types.length} token types`)
  }
  const specialIds = readSpecialIds(metadata)
  const json: TokenizerJson = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: addedTokens(tokens, types),
    normalizer: null,
    pre_tokenizer: preTokenizer,
    post_processor: metadata.boolean('tokenizer.ggml.add_bos_token', false)
      ? addsFirst(specialIds.bos, tokens, source)
      : null,
    decoder: { ...byteLevel(true) },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: metadata.strings('tokenizer.ggml.merges'),
    },
  }
  const chatTemplate = metadata.string('tokenizer.chat_template', '')
  return createTokenizer(json, { specialIds, source, ...(chatTemplate && { chatTemplate }) })
}

function addedTokens(tokens: readonly string[], types: readonly number[]): TokenizerJson['added_tokens'] {
  return tokens.flatMap((content, id) => {
    const type = types[id]
    if (type !== CONTROL && type !== USER_DEFINED) return []
    return [
      { id, content, special: type === CONTROL, normalized: false, single_word: false, lstrip: false, rstrip: false },
    ]
  })
}

function readSpecialIds(metadata: GgufMetadata): LoupeTokenizer['specialIds'] {
  const id = (name: string) => {
    const key = `tokenizer.ggml.${name}_token_id`
    return metadata.has(key) ? metadata.number(key) : undefined
  }
  const [bos, eos, pad, unk] = [id('bos'), id('eos'), id('padding'), id('unknown')]
  const ends = [eos, id('eot')].filter((end) => end !== undefined)
  return {
    ...(bos !== undefined && { bos }),
    ...(eos !== undefined && { eos }),
    ...(pad !== undefined && { pad }),
    ...(unk !== undefined && { unk }),
    ends,
  }
}

/** Puts the first token before every text, as Hugging Face's template post-processor does. */
function addsFirst(bos: number | undefined, tokens: readonly string[], source: string): object {
  const id = bos === undefined ? undefined : tokens[bos]
  if (id === undefined) {
    throw new LoupeError('bad-input', `${source}: its tokenizer adds a first token, but does not name it`)
  }
  const single = [{ SpecialToken: { id, type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }]
  const pair = [...single, { Sequence: { id: 'B', type_id: 1 } }]
  return { type: 'TemplateProcessing', single, pair, special_tokens: { [id]: { id, ids: [bos], tokens: [id] } } }
}
