import { LoupeError } from '../errors'
import { generate, type GeneratedToken } from '../model/generate/generate'
import type { LoadedModel, LoupeTokenizer, ModelConfig } from '../model/types'
import { branchesOf, branchRows } from './branches'
import { resolveEdits, type ResolveDictionary } from './edits'
import type { SteeredAnswer, SteeringEnd, SteeringEvent, SteeringToken } from './events'
import type { Intervention } from './intervention'

/** What one intervention may ask of a process that serves many. */
export interface SteeringLimits {
  promptTokens: number
  /** Bytes of keys and values over all answers at their longest. */
  cacheBytes: number
}

export interface SteerOptions {
  signal?: AbortSignal
  limits?: SteeringLimits
}

/**
 * Generates from one prompt untouched and with the edits, at every factor of a sweep, as rows of one batch drawn with
 * one seed: what differs is the edits' doing. Tells it token by token; the answers end independently.
 * @throws LoupeError for edits that do not fit the model, a model without a tokenizer, what is beyond the model's
 * context or the limits, edits so strong that nothing finite is left, and when aborted
 */
export async function* streamSteering(
  { model, tokenizer }: LoadedModel,
  resolveDictionary: ResolveDictionary,
  intervention: Intervention,
  { signal, limits }: SteerOptions = {},
): AsyncGenerator<SteeringEvent, void, undefined> {
  if (!tokenizer) {
    throw new LoupeError('unsupported', `${intervention.model} has no tokenizer, so it cannot continue a text`, {
      remedy: 'add the model with its tokenizer.json',
    })
  }
  const { details, sampling } = intervention
  const prompt = promptIds(tokenizer, intervention)
  const branches = branchesOf(intervention)
  if (limits) requireWithin(limits, model.config, intervention, prompt.length, branches.length)
  const edits = await resolveEdits(intervention.edits, model, resolveDictionary)
  const rows = branchRows(branches, edits, prompt, details.kl)
  const answers: SteeredAnswer[] = branches.map(({ name, factor }) => ({
    branch: name,
    factor,
    text: '',
    ids: [],
    finish: 'length',
  }))
  yield { type: 'start', branches, prompt: prompt.map((id) => ({ id, text: tokenizer.tokenText(id) })) }
  const started = performance.now()
  const options = { ...rows, sampling, alternatives: details.alternatives, ...(signal && { signal }) }
  const told = answers.map(() => 0)
  for await (const token of generate(model, tokenizer, options)) {
    const answer = answers[token.row]!
    yield tellToken(tokenizer, answer.branch, told[token.row]!++, token)
    answer.text += token.text
    if (token.finish) answer.finish = token.finish
    if (token.finish !== 'end') answer.ids.push(token.id)
  }
  const tokens = told.reduce((sum, count) => sum + count, 0)
  yield { type: 'end', answers, tokens, seconds: (performance.now() - started) / 1000 }
}

/** The same to its end. */
export async function steer(
  loaded: LoadedModel,
  resolveDictionary: ResolveDictionary,
  intervention: Intervention,
  options?: SteerOptions,
): Promise<SteeringEnd> {
  for await (const event of streamSteering(loaded, resolveDictionary, intervention, options)) {
    if (event.type === 'end') return event
  }
  throw new Error('a generation ended without saying so')
}

function tellToken(
  tokenizer: LoupeTokenizer,
  branch: string,
  index: number,
  { id, text, logprob, alternatives, shadow, finish }: GeneratedToken,
): SteeringToken {
  return {
    type: 'token',
    branch,
    index,
    id,
    token: tokenizer.tokenText(id),
    text,
    logprob,
    alternatives: alternatives.map((each) => ({ ...each, token: tokenizer.tokenText(each.id) })),
    ...(shadow && { kl: shadow.kl, defaultLogprob: shadow.logprob }),
    ...(finish && { finish }),
  }
}

function promptIds(tokenizer: LoupeTokenizer, { prompt, chat }: Intervention): number[] {
  const text = chat ? tokenizer.applyChatTemplate(chat) : prompt
  const ids = tokenizer.encode(text ?? '')
  if (ids.length > 0) return ids
  throw new LoupeError('bad-input', 'there is no text to continue', { remedy: 'give a prompt or a chat' })
}

function requireWithin(
  { promptTokens, cacheBytes }: SteeringLimits,
  { n_ctx, n_layers, n_kv_heads, d_head }: ModelConfig,
  { sampling, details }: Intervention,
  length: number,
  branches: number,
): void {
  if (length > promptTokens) {
    throw new LoupeError('too-large', `the prompt has ${length} tokens, at most ${promptTokens} are taken here`, {
      remedy: 'shorten the prompt',
    })
  }
  const rows = details.kl ? 2 * branches - 1 : branches
  const positions = Math.min(n_ctx, length + sampling.maxTokens)
  const bytes = rows * positions * n_layers * n_kv_heads * d_head * 2 * Float32Array.BYTES_PER_ELEMENT
  if (bytes <= cacheBytes) return
  const mebibytes = (count: number) => `${Math.ceil(count / 2 ** 20)} MiB`
  throw new LoupeError(
    'too-large',
    `${rows} rows of ${positions} tokens need ${mebibytes(bytes)} for keys and values, ${mebibytes(cacheBytes)} are allowed here`,
    { remedy: 'generate fewer tokens, sweep fewer factors, or leave KL out' },
  )
}
