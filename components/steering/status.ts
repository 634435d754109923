/** The progress of a run in one line. */
import { number } from '../ui/format'
import type { Steering } from './useSteering'

export function statusOf({ phase, ahead, tokensPerSecond, answer }: Steering): string {
  const speed = tokensPerSecond === null ? '' : ` · ${number(tokensPerSecond)} tokens/s`
  const tokens = answer ? `${answer.tokens} tokens${speed}` : ''
  switch (phase) {
    case 'idle':
      return ''
    case 'waiting':
      return ahead > 0 ? `waiting: ${ahead} ${ahead === 1 ? 'run' : 'runs'} before this one` : 'starting…'
    case 'running':
      return tokens
    case 'finished':
      return `${tokens} · ${number(answer?.seconds)} s`
    case 'stopped':
      return `stopped${tokens && ` · ${tokens}`}`
    case 'failed':
      return 'failed'
  }
}
