'use client'

import { ChevronsDownUp, ChevronsUpDown } from 'lucide-react'
import { useMemo } from 'react'
import { TokenText } from '../tokens/TokenText'
import { cx } from '../ui/cx'
import { count, even, number } from '../ui/format'
import type { PackedExample } from './examples'

/** One place where the feature fires: its activation, the text around it, and the source of the text. */
export function ExampleLine({
  example,
  max,
  values,
  isOpen,
  isWhole,
  onFlip,
}: {
  example: PackedExample
  max: number
  values: boolean
  isOpen: boolean
  /** Whether `example` holds the whole stored context. */
  isWhole: boolean
  /** Absent where all are open. */
  onFlip: (() => void) | undefined
}) {
  const { texts, values: activations, activation, position, start, context, document, before, after } = example
  const tokens = useMemo(
    () => texts.map((text, at) => ({ text, ...(activations[at] ? { value: activations[at] } : {}) })),
    [texts, activations],
  )
  const Icon = isOpen ? ChevronsDownUp : ChevronsUpDown
  return (
    <li className="flex gap-2 py-1.5 sm:gap-3">
      <span className="text-small w-9 shrink-0 pt-0.5 text-right font-mono leading-5">{even(activation)}</span>
      <div className="min-w-0 flex-1">
        {tokens.length === 0 ? (
          <p className="text-ink-soft">No text: the contexts of the harvest are no longer stored.</p>
        ) : (
          <TokenText
            tokens={tokens}
            max={max}
            showValues={values}
            breakLines={isOpen}
            marked={position - start}
            label={`Context ${context}, activation ${number(activation)}`}
            className={cx(
              before && 'before:text-ink-soft before:content-["…"]',
              after && 'after:text-ink-soft after:content-["…"]',
            )}
          />
        )}
        {isWhole && (
          <p className="text-ink-soft text-small mt-0.5">
            document {document === null ? 'unknown' : count(document)}, context {count(context)}, token {position}
          </p>
        )}
      </div>
      <span className="text-ink-soft text-small flex shrink-0 items-start gap-1 pt-0.5">
        <span
          className="font-mono leading-5 max-sm:hidden"
          title={`Document ${document ?? 'unknown'} of the corpus, context ${context} of the harvest`}
        >
          {document === null ? '' : `doc ${document}`}
        </span>
        {onFlip && tokens.length > 0 && (
          <button
            type="button"
            aria-expanded={isOpen}
            aria-label={isOpen ? 'Show less of this context' : 'Show this whole context'}
            className="hover:text-accent rounded p-1"
            onClick={onFlip}
          >
            <Icon aria-hidden className="size-3.5" />
          </button>
        )}
      </span>
    </li>
  )
}
