/** The colour scales of steered tokens. They are fixed, so that no token changes its colour while text arrives. */
import type { AnswerToken } from '../../lib/steering/schema'

export interface Colouring {
  name: string
  /** The value with the full colour. */
  max: number
  signed: boolean
  valueOf: (token: AnswerToken) => number | undefined
}

export const COLOURINGS = {
  kl: { name: 'KL', max: 3, signed: false, valueOf: ({ kl }) => kl },
  change: { name: 'change of log-prob', max: 5, signed: true, valueOf: changeOfLogprob },
} as const satisfies Record<string, Colouring>

export type ColouringName = keyof typeof COLOURINGS

/** Change of the token's log-probability by the edits, in nats; undefined in the default answer. */
export function changeOfLogprob({ logprob, defaultLogprob }: AnswerToken): number | undefined {
  return defaultLogprob === undefined ? undefined : logprob - defaultLogprob
}
