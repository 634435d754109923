import { cx } from '../ui/cx'

/** The HTTP method; methods that change something are accented. */
export function MethodBadge({ method }: { method: string }) {
  return (
    <span
      className={cx(
        'text-small inline-block w-13 shrink-0 rounded text-center font-mono',
        method === 'GET' ? 'bg-surface text-ink-soft' : 'bg-accent-soft text-accent',
      )}
    >
      {method}
    </span>
  )
}
