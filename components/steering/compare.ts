/** Compares a kept answer with a new one of the same intervention. */
import type { GrowingAnswer } from '../../lib/steering/answer'
import type { SteeringAnswer } from '../../lib/steering/schema'

export interface Difference {
  branch: string
  /** Index of the first token that differs. */
  at: number
}

/** One entry for each answer that has different tokens. */
export function compareAnswers(kept: SteeringAnswer, again: GrowingAnswer): Difference[] {
  return kept.answers.flatMap(({ branch, tokens }) => {
    const other = again.answers.find((each) => each.branch === branch)?.tokens ?? []
    const length = Math.max(tokens.length, other.length)
    const at = Array.from({ length }, (_, index) => tokens[index]?.id === other[index]?.id).indexOf(false)
    return at < 0 ? [] : [{ branch, at }]
  })
}
