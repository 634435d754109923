/** An answer of steering as a whole, and how it grows from events. Nothing here computes: pages import it too. */
import { z } from 'zod'
import { SteeringEnd, SteeringStart, SteeringToken } from '../../trainer/steering/events'
import { QueuedFrame } from '../compute/protocol'

const Engine = z.string().describe('Library, device, instruction sets and threads that computed it')

/** What the API streams; the kind of an event is its `type`. A failure is an event of its own, `error`. */
export const SteerEvent = z.discriminatedUnion('type', [
  QueuedFrame,
  SteeringStart.extend({ engine: Engine }),
  SteeringToken,
  SteeringEnd,
])
export type SteerEvent = z.output<typeof SteerEvent>

const AnswerToken = SteeringToken.omit({ type: true, branch: true, index: true, text: true, finish: true })
export type AnswerToken = z.output<typeof AnswerToken>

const Branch = SteeringEnd.shape.answers.element.extend({
  tokens: z.array(AnswerToken).describe('Every token, with a last one that ends the text, if there is one'),
})

export const SteeringAnswer = z.strictObject({
  prompt: SteeringStart.shape.prompt,
  answers: z.array(Branch).describe('The default first, then the steered ones'),
  tokens: SteeringEnd.shape.tokens,
  seconds: SteeringEnd.shape.seconds,
  engine: Engine,
})
export type SteeringAnswer = z.output<typeof SteeringAnswer>

type BranchAnswer = SteeringAnswer['answers'][number]
/** One that may still be growing: `finish` is null until its last token. */
export type GrowingBranch = Omit<BranchAnswer, 'finish'> & { finish: BranchAnswer['finish'] | null }
/** `seconds` is null until the end. */
export type GrowingAnswer = Omit<SteeringAnswer, 'answers' | 'seconds'> & {
  answers: GrowingBranch[]
  seconds: number | null
}

/** The answer after one more event; objects of branches that did not change stay the same. */
export function grow(answer: GrowingAnswer | null, event: SteerEvent): GrowingAnswer | null {
  if (event.type === 'queued') return answer
  if (event.type === 'start') {
    const { branches, prompt, engine } = event
    const answers = branches.map(({ name: branch, factor }): GrowingBranch => ({
      branch,
      factor,
      text: '',
      ids: [],
      finish: null,
      tokens: [],
    }))
    return { prompt, answers, tokens: 0, seconds: null, engine }
  }
  if (!answer) throw new Error('an answer begins with its start')
  if (event.type === 'end') {
    const { answers, tokens, seconds } = event
    const finished = answer.answers.map((branch, at) => ({ ...branch, ...answers[at]! }))
    return { ...answer, answers: finished, tokens, seconds }
  }
  return {
    ...answer,
    tokens: answer.tokens + 1,
    answers: answer.answers.map((branch) => (branch.branch === event.branch ? withToken(branch, event) : branch)),
  }
}

function withToken(branch: GrowingBranch, event: SteeringToken): GrowingBranch {
  const { id, token, logprob, alternatives, kl, defaultLogprob, text, finish } = event
  const told: AnswerToken = {
    id,
    token,
    logprob,
    alternatives,
    ...(kl !== undefined && { kl }),
    ...(defaultLogprob !== undefined && { defaultLogprob }),
  }
  return {
    ...branch,
    text: branch.text + text,
    ids: finish === 'end' ? branch.ids : [...branch.ids, id],
    finish: finish ?? null,
    tokens: [...branch.tokens, told],
  }
}

/** An answer whose end has come; undefined before. */
export function wholeAnswer(answer: GrowingAnswer | null): SteeringAnswer | undefined {
  if (answer?.seconds === null || !answer?.answers.every(({ finish }) => finish !== null)) return undefined
  return answer as SteeringAnswer
}
