/** `loupe logits`: what a model predicts after a text. */
import { z } from 'zod'
import { LoupeError } from '../../trainer/errors'
import { lastPosition } from '../../trainer/model/runtime/lastPosition'
import { defineCommand } from '../cli/command'
import { openModel } from '../cli/models'
import { formatTable } from '../cli/table'

export const logits = defineCommand({
  options: z.strictObject({
    model: z.string().describe('name of a model (loupe model list)'),
    text: z.string().optional().describe('the text; use --ids for token ids instead'),
    ids: z.array(z.int().min(0)).optional().describe('token ids, e.g. 1,2,3'),
    top: z.int().min(1).default(20).describe('number of predictions'),
    hooks: z
      .array(z.string())
      .default([])
      .describe('hooks to read, e.g. blocks.9.hook_resid_post,blocks.0.attn.hook_z'),
  }),
  async run({ options }, context) {
    const { loaded } = await openModel(context, options.model)
    const ids = inputIds(options, loaded.tokenizer)
    const result = lastPosition(loaded.model, ids, { top: options.top, hooks: options.hooks })
    const token = (id: number) => loaded.tokenizer?.tokenText(id) ?? null
    return { ids, ...result, top: result.top.map(({ id, logit }) => ({ id, token: token(id), logit })) }
  },
  render: ({ top }) =>
    formatTable(
      ['id', 'token', 'logit'],
      top.map(({ id, token, logit }) => [String(id), JSON.stringify(token), logit.toFixed(4)]),
    ),
})

function inputIds(
  { text, ids }: { text?: string; ids?: number[] },
  tokenizer?: { encode(text: string): number[] },
): number[] {
  if ((text === undefined) === (ids === undefined)) {
    throw new LoupeError('bad-usage', 'either --text or --ids is needed')
  }
  if (ids) return ids
  if (!tokenizer) {
    throw new LoupeError('unsupported', 'this model has no tokenizer', { remedy: 'use token ids: --ids 1,2,3' })
  }
  return tokenizer.encode(text!)
}
