/** All figures of one generated token. */
import type { AnswerToken } from '../../lib/steering/schema'
import { fixed, percent } from '../ui/format'
import { visible } from '../tokens/TokenText'
import { changeOfLogprob } from './colouring'

export function TokenReadout({ token, index }: { token: AnswerToken; index: number }) {
  const change = changeOfLogprob(token)
  const highest = token.alternatives[0]?.logprob ?? 0
  return (
    <div className="text-small">
      <p className="flex items-baseline gap-2">
        <span className="font-mono text-base font-medium break-all">{visible(token.token)}</span>
        <span className="text-ink-soft ml-auto whitespace-nowrap">
          token {index + 1} · id {token.id}
        </span>
      </p>
      <dl className="mt-1 grid grid-cols-[auto_auto] gap-x-3 font-mono">
        <Row name="log-prob" value={`${fixed(token.logprob, 2)} (${percent(Math.exp(token.logprob), 2)})`} />
        {change !== undefined && (
          <>
            <Row name="without edits" value={fixed(token.defaultLogprob, 2)} />
            <Row name="change" value={`${change > 0 ? '+' : ''}${fixed(change, 2)}`} />
          </>
        )}
        {token.kl !== undefined && <Row name="KL" value={`${fixed(token.kl, 3)} nats`} />}
      </dl>
      {token.alternatives.length > 0 && (
        <table className="mt-1.5 w-full font-mono">
          <caption className="text-ink-soft text-left font-sans">Most likely tokens, with log-probs</caption>
          <tbody>
            {token.alternatives.map(({ id, token: text, logprob }) => (
              <tr key={id} className={id === token.id ? 'text-accent font-medium' : undefined}>
                <td className="max-w-28 truncate pr-2">{visible(text)}</td>
                <td className="w-16">
                  <span
                    aria-hidden
                    className="bg-accent block h-1.5 rounded-[2px] opacity-60"
                    style={{ width: `${Math.exp(logprob - highest) * 100}%` }}
                  />
                </td>
                <td className="pl-2 text-right">{fixed(logprob, 2)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  )
}

function Row({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt className="text-ink-soft font-sans">{name}</dt>
      <dd className="text-right">{value}</dd>
    </>
  )
}
