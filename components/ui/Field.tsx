/** Inputs with their labels. */
import type { InputHTMLAttributes, ReactNode, SelectHTMLAttributes, TextareaHTMLAttributes } from 'react'
import { cx } from './cx'

const BOX = 'border-line-strong bg-raised rounded border px-2 disabled:opacity-50'

/** A label above its input; `hint` says what the input means, `error` what is wrong with it. */
export function Field({
  label,
  hint,
  error,
  children,
  className,
}: {
  label: ReactNode
  hint?: ReactNode
  error?: string
  children: ReactNode
  className?: string
}) {
  return (
    <label className={cx('flex min-w-0 flex-col gap-1', className)}>
      <span className="text-ink-soft">{label}</span>
      {children}
      {hint && <span className="text-ink-soft text-small">{hint}</span>}
      {error && (
        <span role="alert" className="text-danger text-small">
          {error}
        </span>
      )}
    </label>
  )
}

export function Input({ className, ...rest }: InputHTMLAttributes<HTMLInputElement>) {
  return <input className={cx(BOX, 'h-7 min-w-0', className)} {...rest} />
}

export function TextArea({ className, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return <textarea className={cx(BOX, 'text-reading min-h-16 w-full py-1.5 font-reading', className)} {...rest} />
}

/** The platform's own select: fast, usable by keyboard, and familiar on every device. */
export function Select({ className, children, ...rest }: SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <select className={cx(BOX, 'h-7 min-w-0', className)} {...rest}>
      {children}
    </select>
  )
}

export function Checkbox({ label, ...rest }: { label: ReactNode } & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <label className="flex items-center gap-1.5">
      <input type="checkbox" className="accent-accent size-3.5" {...rest} />
      {label}
    </label>
  )
}
