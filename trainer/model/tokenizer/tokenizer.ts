/** Tokenizers: @huggingface/tokenizers behind the interface the rest of Loupe uses. */
import { Template } from '@huggingface/jinja'
import { Tokenizer } from '@huggingface/tokenizers'
import { createHash } from 'node:crypto'
import { LoupeError } from '../../errors'
import type { ChatMessage, LoupeTokenizer } from '../types'
import { bytesOfName } from './bytes'

/** A tokenizer.json, read from a folder or built out of a GGUF file's metadata. */
export interface TokenizerJson {
  added_tokens: { id: number; content: string; special: boolean; normalized: boolean }[]
  model: { vocab: Record<string, number> | [string, number][]; [part: string]: unknown }
  decoder: { type: string; decoders?: { type: string }[] } | null
  [part: string]: unknown
}

/** What a tokenizer needs in addition to the tokenizer.json. */
export interface TokenizerParts {
  specialIds: LoupeTokenizer['specialIds']
  /** Jinja source. */
  chatTemplate?: string
  /** Name of the file, for messages. */
  source: string
}

/** @throws LoupeError for a tokenizer.json that the tokenizers library does not understand */
export function createTokenizer(json: TokenizerJson, parts: TokenizerParts): LoupeTokenizer {
  const tokenizer = build(json, parts.source)
  const added = new Map(json.added_tokens.map(({ id, content }) => [id, content]))
  const byteLevel = isByteLevel(json)
  const decode = (ids: readonly number[]) =>
    ids.length === 0
      ? ''
      : tokenizer.decode([...ids], { skip_special_tokens: false, clean_up_tokenization_spaces: false })
  return {
    encode: (text) => (text === '' ? [] : tokenizer.encode(text).ids),
    decode,
    tokenText(id) {
      const name = added.get(id)
      if (name !== undefined) return name
      const piece = tokenizer.id_to_token(id)
      // Models pad their vocabulary to a round number: these ids have no text.
      if (piece === undefined) return `<${id}>`
      return byteLevel ? byteLevelText(piece) : sentencePieceText(piece)
    },
    applyChatTemplate: (messages) => applyChatTemplate(messages, parts, (id) => added.get(id) ?? '', tokenizer),
    vocabularySize: vocabularySize(json),
    specialIds: parts.specialIds,
    hash: createHash('sha256').update(JSON.stringify(json)).digest('hex'),
  }
}

function build(json: TokenizerJson, source: string): Tokenizer {
  try {
    return new Tokenizer(json, {})
  } catch (cause) {
    throw new LoupeError('bad-input', `${source} is not a usable tokenizer: ${(cause as Error).message}`, {
      remedy: 'fetch the model again, or remove the file and use token ids',
      cause,
    })
  }
}

function vocabularySize({ model, added_tokens }: TokenizerJson): number {
  const ids = Array.isArray(model.vocab) ? [model.vocab.length - 1] : Object.values(model.vocab)
  return added_tokens.reduce((size, { id }) => Math.max(size, id + 1), 1 + ids.reduce((a, b) => Math.max(a, b), -1))
}

function isByteLevel({ decoder }: TokenizerJson): boolean {
  return [decoder, ...(decoder?.decoders ?? [])].some((step) => step?.type === 'ByteLevel')
}

/** A token can be a part of a character: incomplete UTF-8 shows as U+FFFD. */
function byteLevelText(piece: string): string {
  const bytes = bytesOfName(piece)
  return bytes ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) : piece
}

/** SentencePiece writes a space as ▁ and single bytes as <0xNN>. */
function sentencePieceText(piece: string): string {
  const byte = /^<0x([0-9A-F]{2})>$/.exec(piece)?.[1]
  return byte ? new TextDecoder().decode(Uint8Array.of(parseInt(byte, 16))) : piece.replaceAll('▁', ' ')
}

function applyChatTemplate(
  messages: readonly ChatMessage[],
  { chatTemplate, specialIds, source }: TokenizerParts,
  textOf: (id: number) => string,
  tokenizer: Tokenizer,
): string {
  if (!chatTemplate) {
    throw new LoupeError('unsupported', `${source} has no chat template: the model is not a chat model`, {
      remedy: 'use a plain prompt instead',
    })
  }
  const special = (id: number | undefined) => (id === undefined ? '' : textOf(id))
  const bos = special(specialIds.bos)
  const prompt = render(chatTemplate, source, {
    messages: [...messages],
    add_generation_prompt: true,
    bos_token: bos,
    eos_token: special(specialIds.eos),
  })
  // Some tokenizers add the first token again when they encode.
  const addsBos = specialIds.bos !== undefined && tokenizer.encode('a').ids[0] === specialIds.bos
  return addsBos && bos !== '' && prompt.startsWith(bos) ? prompt.slice(bos.length) : prompt
}

function render(template: string, source: string, values: Record<string, unknown>): string {
  try {
    return new Template(template).render(values)
  } catch (cause) {
    throw new LoupeError('bad-input', `the chat template of ${source} refuses these messages`, {
      remedy: (cause as Error).message,
      cause,
    })
  }
}
