'use client'

import {
  Activity,
  BookOpen,
  Braces,
  Database,
  ListChecks,
  ScanText,
  SlidersHorizontal,
  type LucideIcon,
} from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { ThemeToggle } from './ThemeToggle'
import { cx } from '../ui/cx'

const PLACES: readonly { href: string; name: string; icon: LucideIcon; also?: string }[] = [
  { href: '/', name: 'Dictionaries', icon: BookOpen, also: '/dictionaries' },
  { href: '/prompt', name: 'Prompt', icon: ScanText },
  { href: '/steer', name: 'Steer', icon: SlidersHorizontal },
  { href: '/runs', name: 'Runs', icon: Activity, also: '/sweeps' },
  { href: '/harvests', name: 'Harvests', icon: Database },
  { href: '/jobs', name: 'Jobs', icon: ListChecks },
  { href: '/docs/api', name: 'API', icon: Braces },
]

/** The way between places: a rail at the left, a bar at the bottom of narrow screens. */
export function Rail() {
  const path = usePathname()
  return (
    <nav
      aria-label="Places"
      className="bg-surface z-20 flex shrink-0 gap-1 border-r p-2 max-sm:fixed max-sm:inset-x-0 max-sm:bottom-0 max-sm:justify-between max-sm:gap-0 max-sm:border-t max-sm:border-r-0 max-sm:p-1 sm:sticky sm:top-0 sm:h-dvh sm:w-18 sm:flex-col lg:w-36"
    >
      {PLACES.map(({ href, name, icon: Icon, also }) => {
        const here =
          path === href ||
          (href !== '/' && path.startsWith(`${href}/`)) ||
          (also !== undefined && path.startsWith(also))
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
            <Icon aria-hidden className="size-4 shrink-0" />
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
