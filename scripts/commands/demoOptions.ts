/** The flags of `loupe demo`, and its prompt. */
import { z } from 'zod'

export const demoOptions = z.strictObject({
  tokens: z.int().min(5_000).default(200_000).describe('tokens to harvest'),
  trainTokens: z.int().min(1_000).default(1_000_000).describe('training tokens, in several passes'),
  hook: z.string().default('blocks.9.hook_resid_post').describe('hook of the model to harvest'),
  dSae: z.int().positive().default(4608).describe('features of the dictionary'),
  k: z.int().positive().default(32).describe('active features per token'),
  evaluateTokens: z.int().positive().default(8192).describe('held-out tokens of the cross-entropy figures'),
  exit: z.boolean().default(false).describe('stop after the last stage: neither build nor start the pages'),
})
export type DemoOptions = z.output<typeof demoOptions>

export const DEMO_PROMPT = 'My fellow citizens, the most important thing about'
