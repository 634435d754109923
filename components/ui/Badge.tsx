import type { ReactNode } from 'react'
import { cx } from './cx'

const TONES = {
  neutral: 'bg-surface text-ink-soft',
  accent: 'bg-accent-soft text-accent',
  danger: 'bg-danger-soft text-danger',
}

export function Badge({ tone = 'neutral', children }: { tone?: keyof typeof TONES; children: ReactNode }) {
  return <span className={cx('text-small inline-block rounded px-1.5 whitespace-nowrap', TONES[tone])}>{children}</span>
}

const STATUS_TONES: Record<string, keyof typeof TONES> = { running: 'accent', failed: 'danger' }

/** The state of a job or run, in words. */
export function Status({ of }: { of: string }) {
  return <Badge tone={STATUS_TONES[of] ?? 'neutral'}>{of}</Badge>
}
