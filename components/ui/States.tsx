/** Boxes for empty lists, errors, loading content, and facts. */
import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from './cx'

/** Says what will be here, and the command that makes it. */
export function Empty({ title, children, command }: { title: string; children?: ReactNode; command?: string }) {
  return (
    <div className="rounded border border-dashed px-6 py-8 text-center">
      <p className="font-medium">{title}</p>
      {children && <div className="text-ink-soft mx-auto mt-1 max-w-xl">{children}</div>}
      {command && (
        <pre
          tabIndex={0}
          className="bg-surface mx-auto mt-3 w-fit max-w-full overflow-x-auto rounded px-3 py-2 text-left font-mono text-small"
        >
          {command}
        </pre>
      )}
    </div>
  )
}

export interface Problem {
  message: string
  remedy?: string | null
}

/** What went wrong and what to do. */
export function Failure({ problem, children }: { problem: Problem; children?: ReactNode }) {
  return (
    <div role="alert" className="border-danger bg-danger-soft flex gap-2 rounded border px-3 py-2">
      <TriangleAlert aria-hidden className="text-danger mt-0.5 size-4 shrink-0" />
      <div className="min-w-0">
        <p className="break-words">{problem.message}</p>
        {problem.remedy && <p className="text-ink-soft break-words">{problem.remedy}</p>}
        {children}
      </div>
    </div>
  )
}

/** Stands for content that loads; invisible for the first 200 ms. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cx('bg-surface animate-late rounded', className)} />
}

/** A box with a heading. */
export function Panel({
  title,
  actions,
  children,
  className,
}: {
  title: ReactNode
  actions?: ReactNode
  children: ReactNode
  className?: string
}) {
  return (
    <section className={cx('min-w-0 rounded border', className)}>
      <div className="flex min-h-9 flex-wrap items-center gap-2 border-b px-3 py-1">
        <h2 className="font-medium">{title}</h2>
        {actions && <div className="ml-auto flex flex-wrap items-center gap-1">{actions}</div>}
      </div>
      <div className="p-3">{children}</div>
    </section>
  )
}

/** A figure with its name, for headers of pages. */
export function Fact({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div className="flex max-w-full items-baseline gap-1.5 whitespace-nowrap">
      <dt className="text-ink-soft">{name}</dt>
      <dd className="truncate font-medium">{children}</dd>
    </div>
  )
}

/** A row of facts. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="flex max-w-full min-w-0 flex-wrap gap-x-5 gap-y-1">{children}</dl>
}
