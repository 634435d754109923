'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { ThemeToggle } from './ThemeToggle'
import { cx } from '../ui/cx'

export interface RailPlace {
  href: string
  name: string
  icon: ReactNode
  /** Addresses of the pages that belong to this place. */
  addresses: readonly string[]
}

/** The main places: a rail at the left, a bar at the bottom of narrow screens. */
export function Rail({ places }: { places: readonly RailPlace[] }) {
  const path = usePathname()
  const isAt = (address: string) => path === address || (address !== '/' && path.startsWith(`${address}/`))
  return (
    <nav
      aria-label="Places"
      className="bg-surface z-20 flex shrink-0 gap-1 border-r p-2 max-sm:fixed max-sm:inset-x-0 max-sm:bottom-0 max-sm:justify-between max-sm:gap-0 max-sm:border-t max-sm:border-r-0 max-sm:p-1 sm:sticky sm:top-0 sm:h-dvh sm:w-18 sm:flex-col lg:w-36"
    >
      {places.map(({ href, name, icon, addresses }) => {
        const here = addresses.some(isAt)
        return (
          <Link
            key={href}
            href={href}
            aria-current={here ? 'page' : undefined}
            className={cx(
              'flex items-center gap-2 rounded px-2 py-1.5 max-lg:flex-col max-lg:gap-0.5 max-lg:px-1 max-sm:min-w-0 max-sm:flex-1 max-sm:px-0 max-lg:text-[10px] max-lg:leading-3',
              here ? 'bg-accent-soft text-accent font-medium' : 'text-ink-soft hover:bg-raised hover:text-ink',
            )}
          >
            {icon}
            {name}
          </Link>
        )
      })}
      <div className="mt-auto max-sm:hidden">
        <ThemeToggle />
      </div>
    </nav>
  )
}
