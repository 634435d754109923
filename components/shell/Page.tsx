import Link from 'next/link'
import { Fragment, type ReactNode } from 'react'
import { CommandButton } from './CommandButton'
import { ThemeToggle } from './ThemeToggle'
import { cx } from '../ui/cx'

export interface Crumb {
  text: string
  href?: string
  mono?: boolean
}

/** The frame of every page: breadcrumb with the button of the command box, heading with actions, content. */
export function Page({
  crumbs,
  title,
  actions,
  wide = false,
  children,
}: {
  crumbs: readonly Crumb[]
  title: ReactNode
  actions?: ReactNode
  /** Uses the whole width, for tables and charts; otherwise lines stay short enough to read. */
  wide?: boolean
  children: ReactNode
}) {
  return (
    <>
      <div className="bg-ground sticky top-0 z-10 flex h-11 items-center gap-2 border-b px-4">
        <nav aria-label="Breadcrumb" className="min-w-0 flex-1">
          <ol className="text-ink-soft flex items-center gap-1.5 overflow-x-auto whitespace-nowrap [scrollbar-width:none]">
            {crumbs.map(({ text, href, mono }, at) => (
              <Fragment key={`${at} ${text}`}>
                {at > 0 && <li aria-hidden>/</li>}
                <li className={cx(mono && 'font-mono text-small', at === crumbs.length - 1 && 'text-ink')}>
                  {href ? (
                    <Link href={href} className="hover:text-accent hover:underline">
                      {text}
                    </Link>
                  ) : (
                    <span aria-current={at === crumbs.length - 1 ? 'page' : undefined}>{text}</span>
                  )}
                </li>
              </Fragment>
            ))}
          </ol>
        </nav>
        <CommandButton />
        <div className="sm:hidden">
          <ThemeToggle />
        </div>
      </div>
      <div className={cx('px-4 py-4', !wide && 'mx-auto max-w-[1600px]')}>
        <header className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2">
          <h1 className="text-large min-w-0 font-semibold break-words">{title}</h1>
          {actions && <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>}
        </header>
        {children}
      </div>
    </>
  )
}
