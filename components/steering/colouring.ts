/** What the colours of steered tokens mean. Scales are fixed, so that nothing changes colour while text arrives. */
import type { AnswerToken } from '../../lib/steering/answer'

export interface Colouring {
  name: string
  /** Full hue from here on. */
  max: number
  signed: boolean
  valueOf: (token: AnswerToken) => number | undefined
}

export const COLOURINGS = {
  kl: { name: 'KL', max: 3, signed: false, valueOf: ({ kl }) => kl },
  change: { name: 'change of log-prob', max: 5, signed: true, valueOf: changeOfLogprob },
} as const satisfies Record<string, Colouring>

export type ColouringName = keyof typeof COLOURINGS

/** How much likelier the edits made the token, in nats; undefined in the default answer. */
export function changeOfLogprob({ logprob, defaultLogprob }: AnswerToken): number | undefined {
  return defaultLogprob === undefined ? undefined : logprob - defaultLogprob
}
