import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { cx } from './cx'
import { Tooltip } from './Tooltip'

const LOOKS = {
  plain: 'border-line-strong bg-raised hover:bg-surface border',
  primary: 'border-accent bg-accent text-accent-ink border hover:opacity-90',
  quiet: 'text-ink-soft hover:bg-surface hover:text-ink border border-transparent',
  danger: 'border-danger text-danger hover:bg-danger-soft border bg-transparent',
}

export type ButtonLook = keyof typeof LOOKS

const SHAPE =
  'inline-flex h-7 items-center justify-center gap-1.5 rounded whitespace-nowrap disabled:opacity-50 select-none'

/** Also for links that look like buttons. */
export const buttonClass = (look: ButtonLook = 'plain') => cx(SHAPE, 'px-2.5', LOOKS[look])

/** The same around a single icon. */
export const iconButtonClass = (look: ButtonLook = 'quiet') => cx(SHAPE, 'w-7 shrink-0', LOOKS[look])

export function Button({
  look = 'plain',
  className,
  ...rest
}: { look?: ButtonLook } & ButtonHTMLAttributes<HTMLButtonElement>) {
  return <button type="button" className={cx(buttonClass(look), className)} {...rest} />
}

/** A button that shows only an icon; a tooltip shows its name, and screen readers read it. */
export function IconButton({
  label,
  children,
  look = 'quiet',
  className,
  ...rest
}: { label: string; children: ReactNode; look?: ButtonLook } & ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <Tooltip text={label}>
      <button type="button" aria-label={label} className={cx(iconButtonClass(look), className)} {...rest}>
        {children}
      </button>
    </Tooltip>
  )
}
