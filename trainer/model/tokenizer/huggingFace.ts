/** Tokenizer files of a Hugging Face folder. */
import { basename, join } from 'node:path'
import { z } from 'zod'
import { readJsonIfPresent, readTextIfPresent } from '../../json'
import type { LoupeTokenizer } from '../types'
import { createTokenizer, type TokenizerJson } from './tokenizer'

/** The parts of a tokenizer.json that Loupe itself reads; the tokenizers library reads the rest. */
const tokenizerSchema = z.looseObject({
  added_tokens: z
    .array(z.looseObject({ id: z.int(), content: z.string(), special: z.boolean(), normalized: z.boolean() }))
    .default([]),
  model: z.looseObject({
    vocab: z.union([z.record(z.string(), z.int()), z.array(z.tuple([z.string(), z.number()]))]),
  }),
  decoder: z
    .looseObject({ type: z.string(), decoders: z.array(z.looseObject({ type: z.string() })).optional() })
    .nullish()
    .transform((decoder) => decoder ?? null),
})

/** A special token is its text, or an object that holds it. */
const specialToken = z
  .union([z.string(), z.object({ content: z.string() }).transform(({ content }) => content)])
  .nullish()

const configSchema = z.object({
  bos_token: specialToken,
  eos_token: specialToken,
  pad_token: specialToken,
  unk_token: specialToken,
  chat_template: z.union([z.string(), z.array(z.object({ name: z.string(), template: z.string() }))]).nullish(),
})

const generationSchema = z.object({ eos_token_id: z.union([z.int(), z.array(z.int())]).nullish() })

/**
 * Reads `tokenizer.json` and, where they exist, `tokenizer_config.json`, `chat_template.jinja`, `generation_config.json`.
 * @returns undefined for a folder without a tokenizer.json
 */
export async function tokenizerFromFolder(folder: string): Promise<LoupeTokenizer | undefined> {
  const file = join(folder, 'tokenizer.json')
  const json = await readJsonIfPresent(file, tokenizerSchema)
  if (!json) return undefined
  const config = (await readJsonIfPresent(join(folder, 'tokenizer_config.json'), configSchema)) ?? {}
  const generation = (await readJsonIfPresent(join(folder, 'generation_config.json'), generationSchema)) ?? {}
  const chatTemplate =
    (await readTextIfPresent(join(folder, 'chat_template.jinja'))) ?? defaultTemplate(config.chat_template)
  return createTokenizer(json, {
    specialIds: specialIds(json, config, generation),
    source: `${basename(folder)}/tokenizer.json`,
    ...(chatTemplate && { chatTemplate }),
  })
}

function specialIds(
  { added_tokens, model }: TokenizerJson,
  config: z.output<typeof configSchema>,
  { eos_token_id }: z.output<typeof generationSchema>,
): LoupeTokenizer['specialIds'] {
  const idOf = (content: string | null | undefined) => {
    if (content === null || content === undefined) return undefined
    const added = added_tokens.find((token) => token.content === content)?.id
    return added ?? (Array.isArray(model.vocab) ? undefined : model.vocab[content])
  }
  const ids = {
    bos: idOf(config.bos_token),
    eos: idOf(config.eos_token),
    pad: idOf(config.pad_token),
    unk: idOf(config.unk_token),
  }
  const known = Object.fromEntries(Object.entries(ids).filter(([, id]) => id !== undefined))
  const ends = [...(ids.eos === undefined ? [] : [ids.eos]), ...[eos_token_id ?? []].flat()]
  return { ...known, ends: [...new Set(ends)] }
}

function defaultTemplate(template: z.output<typeof configSchema>['chat_template']): string | undefined {
  if (!Array.isArray(template)) return template ?? undefined
  return (template.find(({ name }) => name === 'default') ?? template[0])?.template
}
