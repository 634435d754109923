/** Builds the whole answer from the frames of a stream. Runs in browsers too, so it imports types only. */
import type { SteeringToken } from '../../trainer/steering/events'
import type { AnswerToken, SteeredBranch, SteeringAnswer, SteeringProgress } from './schema'

/** An answer that may be incomplete: `finish` is null until its last token. */
export type GrowingBranch = Omit<SteeredBranch, 'finish'> & { finish: SteeredBranch['finish'] | null }
/** `seconds` is null until the end. */
export type GrowingAnswer = Omit<SteeringAnswer, 'answers' | 'seconds'> & {
  answers: GrowingBranch[]
  seconds: number | null
}

/** The answer after one more frame; branches that did not change keep their identity. */
export function grow(answer: GrowingAnswer | null, frame: SteeringProgress): GrowingAnswer | null {
  if (frame.type === 'queued') return answer
  if (frame.type === 'start') {
    const { branches, prompt, engine, device } = frame
    const answers = branches.map(({ name: branch, factor }): GrowingBranch => ({
      branch,
      factor,
      text: '',
      ids: [],
      finish: null,
      tokens: [],
    }))
    return { prompt, answers, tokens: 0, seconds: null, engine, device }
  }
  if (!answer) throw new Error('the first frame of an answer must be its start')
  if (frame.type === 'end') {
    const { answers, tokens, seconds } = frame
    const finished = answer.answers.map((branch, at) => ({ ...branch, ...answers[at]! }))
    return { ...answer, answers: finished, tokens, seconds }
  }
  return {
    ...answer,
    tokens: answer.tokens + 1,
    answers: answer.answers.map((branch) => (branch.branch === frame.branch ? withToken(branch, frame) : branch)),
  }
}

function withToken(branch: GrowingBranch, frame: SteeringToken): GrowingBranch {
  const { id, token, logprob, alternatives, kl, defaultLogprob, text, finish } = frame
  const answerToken: AnswerToken = {
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
    tokens: [...branch.tokens, answerToken],
  }
}

/** The answer once it is complete; undefined before. */
export function wholeAnswer(answer: GrowingAnswer | null): SteeringAnswer | undefined {
  if (!answer || answer.seconds === null) return undefined
  const answers = answer.answers.flatMap(({ finish, ...branch }) => (finish === null ? [] : [{ ...branch, finish }]))
  return answers.length === answer.answers.length ? { ...answer, seconds: answer.seconds, answers } : undefined
}
