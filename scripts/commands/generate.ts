/** Command `generate`: continues a prompt with a model. */
import { z } from 'zod'
import { LoupeError } from '../../trainer/errors'
import { generateAll } from '../../trainer/model/generate/generate'
import { defineCommand } from '../cli/command'
import { openModel } from '../cli/models'

export const generate = defineCommand({
  options: z.strictObject({
    model: z.string().describe('name of a model (loupe model list)'),
    prompt: z.string().describe('text to continue; with --chat, the message of the user'),
    maxTokens: z.int().min(1).default(64).describe('maximum number of tokens to generate'),
    temperature: z.number().min(0).default(0.7).describe('0 picks the most likely token'),
    topP: z.number().gt(0).max(1).default(1).describe('sample from the smallest set of tokens with this probability'),
    seed: z.int().min(0).default(0).describe('equal seeds give equal text'),
    stop: z.array(z.string().min(1)).default([]).describe('stop before the first of these strings'),
    chat: z.boolean().default(false).describe('format the prompt with the chat template of the model'),
  }),
  async run({ options }, context) {
    const { loaded } = await openModel(context, options.model)
    const { model, tokenizer } = loaded
    if (!tokenizer) {
      throw new LoupeError('unsupported', `the model ${options.model} has no tokenizer, so it cannot continue a text`)
    }
    const text = options.chat
      ? tokenizer.applyChatTemplate([{ role: 'user', content: options.prompt }])
      : options.prompt
    const prompt = tokenizer.encode(text)
    const started = performance.now()
    const [answer] = await generateAll(model, tokenizer, {
      prompts: [prompt],
      sampling: options,
      signal: context.signal,
    })
    const { ids, finish, text: continuation } = answer!
    const tokensPerSecond = ids.length / ((performance.now() - started) / 1000)
    return { text: continuation, ids, prompt, finish, tokensPerSecond }
  },
  render: ({ text }) => text,
})
