'use client'

import type { ReactNode } from 'react'
import { cx } from './cx'
import { Tooltip } from './Tooltip'

/** A small switch that stays pressed. */
export function Toggle({
  on,
  onChange,
  title,
  children,
}: {
  on: boolean
  onChange: (on: boolean) => void
  /** What it does, in a tooltip. */
  title: string
  children: ReactNode
}) {
  return (
    <Tooltip text={title}>
      <button
        type="button"
        aria-pressed={on}
        onClick={() => onChange(!on)}
        className={cx(
          'text-small h-6 rounded border px-1.5',
          on ? 'border-accent bg-accent-soft text-accent' : 'text-ink-soft hover:text-ink hover:bg-surface',
        )}
      >
        {children}
      </button>
    </Tooltip>
  )
}
