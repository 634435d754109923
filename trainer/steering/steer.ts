import * as tf from '@tensorflow/tfjs-core'
import { LoupeError } from '../errors'
import { generate, generateAll, type GeneratedToken, type GenerateOptions } from '../model/generate'
import type { HookedModel, LoadedModel, LoupeTokenizer } from '../model/types'
import { resolveEdits, type ResolveDictionary } from './edits'
import type { Intervention } from './intervention'
import { rowEdits, type RowEdits } from './rowEdits'

export const BRANCHES = ['default', 'steered'] as const
export type Branch = (typeof BRANCHES)[number]

export interface SteeredAnswer {
  /** Without the prompt. */
  text: string
  ids: number[]
}

/** One token of one of the two answers. */
export interface SteeringDelta extends Omit<GeneratedToken, 'row'> {
  branch: Branch
}

/**
 * Generates twice from one prompt, untouched and with the edits, as two rows of one batch drawn with one seed: what
 * differs is the edits' doing.
 * @throws LoupeError for edits that do not fit the model, for a model without a tokenizer, and when aborted
 */
export async function steer(
  loaded: LoadedModel,
  resolveDictionary: ResolveDictionary,
  intervention: Intervention,
  signal?: AbortSignal,
): Promise<Record<Branch, SteeredAnswer>> {
  const { model, tokenizer, options } = await prepare(loaded, resolveDictionary, intervention, signal)
  const [plain, steered] = await generateAll(model, tokenizer, options)
  const answer = ({ text, ids }: SteeredAnswer): SteeredAnswer => ({ text, ids })
  return { default: answer(plain!), steered: answer(steered!) }
}

/** The same, token by token; the answers end independently. */
export async function* streamSteering(
  loaded: LoadedModel,
  resolveDictionary: ResolveDictionary,
  intervention: Intervention,
  signal?: AbortSignal,
): AsyncGenerator<SteeringDelta, void, undefined> {
  const { model, tokenizer, options } = await prepare(loaded, resolveDictionary, intervention, signal)
  for await (const { row, ...token } of generate(model, tokenizer, options)) {
    yield { branch: BRANCHES[row]!, ...token }
  }
}

interface Prepared {
  model: HookedModel
  tokenizer: LoupeTokenizer
  options: GenerateOptions
}

async function prepare(
  { model, tokenizer }: LoadedModel,
  resolveDictionary: ResolveDictionary,
  intervention: Intervention,
  signal?: AbortSignal,
): Promise<Prepared> {
  if (!tokenizer) {
    throw new LoupeError('unsupported', `${intervention.model} has no tokenizer, so it cannot continue a text`, {
      remedy: 'add the model with its tokenizer.json',
    })
  }
  const ids = promptIds(tokenizer, intervention)
  const edits = await resolveEdits(intervention.edits, model, resolveDictionary)
  const row = { edits: [], promptLength: ids.length }
  const applied = rowEdits([row, { ...row, edits }])
  const options = {
    prompts: [ids, ids],
    sampling: intervention.sampling,
    edits: applied.hooks,
    ...(signal && { signal }),
  }
  return { model: followingDefault(model, applied), tokenizer, options }
}

/**
 * The model, but the steered row has the default's logits for as long as no edit has changed anything in it. Kernels
 * treat the last rows of a batch differently in the last bit (the remainder of a vector register), which would make
 * an edit of strength 0 visible.
 */
function followingDefault(model: HookedModel, applied: RowEdits): HookedModel {
  const following = Object.create(model) as HookedModel
  following.run = (tokens, options) => {
    const result = model.run(tokens, options)
    if (applied.changed(BRANCHES.indexOf('steered')) || !result.logits) return result
    const { logits } = result
    const own = tf.tidy(() => {
      const plain = tf.slice(logits, [0, 0, 0], [1, -1, -1])
      return tf.concat([plain, plain], 0)
    })
    logits.dispose()
    return { ...result, logits: own }
  }
  return following
}

function promptIds(tokenizer: LoupeTokenizer, { prompt, chat }: Intervention): number[] {
  const text = chat ? tokenizer.applyChatTemplate(chat) : prompt
  const ids = tokenizer.encode(text ?? '')
  if (ids.length > 0) return ids
  throw new LoupeError('bad-input', 'there is no text to continue', { remedy: 'give a prompt or a chat' })
}
