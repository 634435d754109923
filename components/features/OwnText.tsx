'use client'

import { TokenLegend, TokenText, visible } from '../tokens/TokenText'
import { TextArea } from '../ui/Field'
import { number } from '../ui/format'
import { Failure, Panel } from '../ui/States'
import { useOwnText } from './ownText'
import { useActivations, type LiveToken } from './useActivations'

/** The feature on the reader's text, while it is typed. */
export function OwnText({ dictionary, feature, max }: { dictionary: string; feature: number; max: number }) {
  const [text, setText] = useOwnText()
  const { live, problem, pending } = useActivations(dictionary, feature, text)
  const strongest = live && Math.max(0, ...live.tokens.map(({ value = 0 }) => value))
  // A feature that never fired has no scale.
  const scale = max > 0 ? max : (strongest ?? 0)
  return (
    <Panel
      title="Try your own text"
      actions={
        <span className="text-ink-soft text-small flex items-center gap-3">
          <span role="status">{summary(text, pending, strongest, max)}</span>
          <TokenLegend max={scale} />
        </span>
      }
    >
      <TextArea
        aria-label="Your own text"
        value={text}
        onChange={({ target }) => setText(target.value)}
        placeholder="Type or paste a text: every token shows how strongly this feature fires on it."
        maxLength={20_000}
        rows={2}
      />
      {problem && (
        <div className="mt-2">
          <Failure problem={problem} />
        </div>
      )}
      {live && !problem && (
        <TokenText
          tokens={live.tokens}
          max={scale}
          breakLines
          showValues
          readout={readout}
          label="Your own text with activations"
          className="mt-2"
        />
      )}
    </Panel>
  )
}

function summary(text: string, pending: boolean, strongest: number | undefined, max: number): string {
  if (text.trim() === '') return ''
  if (pending) return 'reading…'
  if (strongest === undefined) return ''
  if (strongest === 0) return 'silent on this text'
  return `up to ${number(strongest)}${max > 0 ? ` (${number((strongest / max) * 100, 2)} % of its maximum)` : ''}`
}

function readout({ text, value, uncounted }: LiveToken) {
  return (
    <>
      <span className="font-mono">{visible(text)}</span> {number(value ?? uncounted ?? 0)}
      {uncounted !== undefined && (
        <span className="text-ink-soft"> (left out of statistics: first position or attention sink)</span>
      )}
    </>
  )
}
