/** Whether an answer came out the same again. */
import type { GrowingAnswer, SteeringAnswer } from '../../lib/steering/answer'

export interface Difference {
  branch: string
  /** Place of the first token that differs, from 0. */
  at: number
}

/** Of every answer that is not the same, token for token. */
export function compareAnswers(kept: SteeringAnswer, again: GrowingAnswer): Difference[] {
  return kept.answers.flatMap(({ branch, tokens }) => {
    const other = again.answers.find((each) => each.branch === branch)?.tokens ?? []
    const length = Math.max(tokens.length, other.length)
    const at = Array.from({ length }, (_, place) => tokens[place]?.id === other[place]?.id).indexOf(false)
    return at < 0 ? [] : [{ branch, at }]
  })
}
