/** Generates the answers of an intervention: the default, then the steered ones. */
import { LoupeError } from '../errors'
import { generate, type GeneratedToken } from '../model/generate/generate'
import type { LoadedModel, LoupeTokenizer, ModelConfig } from '../model/types'
import { currentBackend } from '../tensors/backend'
import { branchesOf, branchRows } from './branches'
import { resolveEdits, type ResolveDictionary } from './edits'
import type { SteeredAnswer, SteeringEnd, SteeringEvent, SteeringToken } from './events'
import type { Intervention } from './intervention'

/** Limits on one intervention in a process that serves many clients. */
export interface SteeringLimits {
  promptTokens: number
  /** Bytes of keys and values of all answers at full length. */
  cacheBytes: number
}

export interface SteerOptions {
  signal?: AbortSignal
  limits?: SteeringLimits
}

/**
 * Continues one prompt without edits and with them, once for each strength factor. The answers are rows of one batch
 * drawn with one seed, so that any difference is caused by the edits. Yields each token as it is generated; each answer
 * ends independently of the others.
 * @throws LoupeError for edits that do not fit the model, a model without a tokenizer, a prompt beyond the model's
 * context or the limits, edits so strong that the logits are not finite, and when aborted
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
  const { fingerprint: engine, device } = currentBackend()
  const promptTokens = prompt.map((id) => ({ id, text: tokenizer.tokenText(id) }))
  yield { type: 'start', branches, prompt: promptTokens, engine, device }
  const started = performance.now()
  const options = { ...rows, sampling, alternatives: details.alternatives, ...(signal && { signal }) }
  const lengths = answers.map(() => 0)
  for await (const token of generate(model, tokenizer, options)) {
    const answer = answers[token.row]!
    yield tokenEvent(tokenizer, answer.branch, lengths[token.row]!++, token)
    answer.text += token.text
    if (token.finish) answer.finish = token.finish
    if (token.finish !== 'end') answer.ids.push(token.id)
  }
  const tokens = lengths.reduce((sum, count) => sum + count, 0)
  yield { type: 'end', answers, tokens, seconds: (performance.now() - started) / 1000 }
}

/** Generates all answers and returns the last event. */
export async function steer(
  loaded: LoadedModel,
  resolveDictionary: ResolveDictionary,
  intervention: Intervention,
  options?: SteerOptions,
): Promise<SteeringEnd> {
  for await (const event of streamSteering(loaded, resolveDictionary, intervention, options)) {
    if (event.type === 'end') return event
  }
  throw new Error('a generation stopped without its end event')
}

function tokenEvent(
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
    throw new LoupeError('too-large', `the prompt has ${length} tokens, the limit is ${promptTokens}`, {
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
    `${rows} rows of ${positions} tokens need ${mebibytes(bytes)} for keys and values, the limit is ${mebibytes(cacheBytes)}`,
    { remedy: 'generate fewer tokens, use fewer strength factors, or leave KL out' },
  )
}
