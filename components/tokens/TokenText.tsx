'use client'

import { memo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { number } from '../ui/format'
import { cx } from '../ui/cx'
import { visible } from './visible'

export { visible }

export interface ShownToken {
  text: string
  /** Activation, or any signed quantity; absent where the token has no value. */
  value?: number
}

export interface TokenTextProps<T extends ShownToken> {
  tokens: readonly T[]
  /** The value that gets the full hue: the feature's maximum, so that equal colours mean equal values. */
  max: number
  /** What hover and focus show; the value by default. */
  readout?: (token: T, index: number) => ReactNode
  /** Print values below the tokens that have one. */
  showValues?: boolean
  /** Break lines where the text does. */
  breakLines?: boolean
  /** Index of a token to mark, e.g. the one an example stands for. */
  marked?: number
  onPick?: (token: T, index: number) => void
  /** Name of the text for screen readers. */
  label: string
  className?: string
}

interface Cursor {
  index: number
  x: number
  /** Edges of the token in the window. */
  top: number
  bottom: number
}

/**
 * Tokens as running text. Background is linear in value / max: transparent to the accent hue, negative values in the
 * contrary one. A readout shows the value on hover and on focus: the text is one tab stop, arrow keys move in it.
 */
export function TokenText<T extends ShownToken>(props: TokenTextProps<T>) {
  const { tokens, max, readout, showValues, breakLines, marked, onPick, label, className } = props
  const [cursor, setCursor] = useState<Cursor>()
  const box = useRef<HTMLDivElement>(null)
  const moveTo = (index: number) => {
    const element = box.current?.querySelector(`[data-token="${index}"]`)
    if (!element) return
    element.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    const { left, top, bottom } = element.getBoundingClientRect()
    setCursor({ index, x: left, top, bottom })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const at = cursor?.index ?? -1
    const steps: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tokens.length - 1 }
    const to = steps[event.key]
    if (event.key === 'Enter' && at >= 0) onPick?.(tokens[at]!, at)
    if (event.key === 'Escape') setCursor(undefined)
    if (to === undefined || to < 0 || to >= tokens.length) return
    event.preventDefault()
    moveTo(to)
  }
  const onPoint = (target: EventTarget) => {
    const index = (target as HTMLElement).closest<HTMLElement>('[data-token]')?.dataset['token']
    if (index === undefined) setCursor(undefined)
    else moveTo(Number(index))
  }
  const current = cursor && tokens[cursor.index]
  return (
    <div
      ref={box}
      role="group"
      aria-label={label}
      tabIndex={0}
      className={cx('font-reading text-reading break-words whitespace-pre-wrap', className)}
      onKeyDown={onKeyDown}
      onBlur={() => setCursor(undefined)}
      onMouseOver={(event) => onPoint(event.target)}
      onMouseLeave={() => setCursor(undefined)}
      onClick={(event) => {
        const index = (event.target as HTMLElement).closest<HTMLElement>('[data-token]')?.dataset['token']
        if (index !== undefined) onPick?.(tokens[Number(index)]!, Number(index))
      }}
    >
      {tokens.map((token, index) => (
        <Token
          key={index}
          index={index}
          text={token.text}
          share={token.value === undefined || max <= 0 ? 0 : token.value / max}
          value={showValues ? token.value : undefined}
          state={cursor?.index === index ? 'cursor' : marked === index ? 'marked' : undefined}
          pickable={onPick !== undefined}
          breaks={breakLines ?? false}
        />
      ))}
      {cursor && current && <Readout cursor={cursor}>{(readout ?? valueOf)(current, cursor.index)}</Readout>}
    </div>
  )
}

function valueOf({ text, value }: ShownToken): ReactNode {
  return (
    <>
      <span className="font-mono">{visible(text)}</span> {number(value ?? 0)}
    </>
  )
}

/** Full strength stays light enough for the text on it to be read. */
const STRONGEST_ALPHA = 0.6

function background(share: number): string | undefined {
  if (share === 0) return undefined
  const alpha = Math.min(1, Math.abs(share)) * STRONGEST_ALPHA
  return `rgb(var(${share > 0 ? '--activation' : '--opposite'}) / ${alpha.toFixed(3)})`
}

const Token = memo(function Token(props: {
  index: number
  text: string
  share: number
  value: number | undefined
  state: 'cursor' | 'marked' | undefined
  pickable: boolean
  breaks: boolean
}) {
  const { index, text, share, value, state, pickable, breaks } = props
  const special = SPECIAL.test(text)
  return (
    <span
      data-token={index}
      className={cx(
        'rounded-[2px]',
        value !== undefined && value !== 0 && 'inline-block align-top',
        special && 'text-small mx-0.5 border px-0.5 [font-variant:small-caps]',
        special && share === 0 && 'text-ink-soft',
        pickable && 'cursor-pointer',
        state === 'cursor' && 'outline-accent outline-2',
        state === 'marked' && 'shadow-[inset_0_-2px_0_var(--accent)]',
      )}
      style={{ background: background(share) }}
    >
      {pieces(text).map((piece, at) =>
        piece === '\n' || piece === '\t' ? (
          <span key={at} className="text-line-strong select-none">
            {piece === '\n' ? '↵' : '⇥'}
            {piece === '\n' && breaks && <br />}
          </span>
        ) : (
          piece
        ),
      )}
      {value !== undefined && value !== 0 && (
        <span className="text-ink block text-center font-mono text-[10px] leading-3">{number(value, 2)}</span>
      )}
    </span>
  )
})

const SPECIAL = /^<\|.*\|>$|^<\/?[a-z_]+>$/i

/** Newlines and tabs, separate from the text between them. */
const pieces = (text: string) => text.split(/([\n\t])/).filter((piece) => piece !== '')

/** Below the token, or above it where there is more room. */
function Readout({ cursor: { x, top, bottom }, children }: { cursor: Cursor; children: ReactNode }) {
  const left = Math.max(8, Math.min(x, window.innerWidth - 280))
  const below = bottom < window.innerHeight * 0.6
  return createPortal(
    <div
      role="status"
      className="bg-raised shadow-float text-base pointer-events-none fixed z-40 max-w-68 rounded border px-2 py-1"
      style={below ? { left, top: bottom + 4 } : { left, bottom: window.innerHeight - top + 4 }}
    >
      {children}
    </div>,
    document.body,
  )
}

/** The meaning of the colours, printed next to every coloured text. */
export function TokenLegend({ max, signed = false, unit = '' }: { max: number; signed?: boolean; unit?: string }) {
  const strong = (name: string) => `rgb(var(${name}) / ${STRONGEST_ALPHA})`
  const ramp = signed
    ? `linear-gradient(to right, ${strong('--opposite')}, transparent, ${strong('--activation')})`
    : `linear-gradient(to right, transparent, ${strong('--activation')})`
  return (
    <span className="text-ink-soft text-small inline-flex items-center gap-1.5 font-mono">
      {signed ? number(-max) : '0'}
      <span aria-hidden className="h-2.5 w-16 rounded-[2px] border" style={{ background: ramp }} />
      {number(max)} {unit}
    </span>
  )
}
