'use client'

import { ChevronLeft, ChevronRight, Shuffle } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useEffect, type ReactNode } from 'react'
import { IconButton, iconButtonClass } from '../ui/Button'
import { Tooltip } from '../ui/Tooltip'
import { cx } from '../ui/cx'
import { useRandomFeature } from './randomFeature'

/** Previous, next and random, also by key: ← → or [ ], and r. */
export function FeatureNav({
  dictionary,
  previous,
  next,
}: {
  dictionary: string
  previous: number | null
  next: number | null
}) {
  const router = useRouter()
  const { go } = useRandomFeature(dictionary)
  const [back, forth] = [addressOf(dictionary, previous), addressOf(dictionary, next)]
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isOccupied(event)) return
      if ((event.key === 'ArrowLeft' || event.key === '[') && back) router.push(back)
      if ((event.key === 'ArrowRight' || event.key === ']') && forth) router.push(forth)
      if (event.key === 'r') go()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
  return (
    <span className="flex items-center">
      <Step href={back} label="Previous feature (← or [)">
        <ChevronLeft aria-hidden className="size-4" />
      </Step>
      <Step href={forth} label="Next feature (→ or ])">
        <ChevronRight aria-hidden className="size-4" />
      </Step>
      <IconButton label="Random feature (r)" onClick={go}>
        <Shuffle aria-hidden className="size-3.5" />
      </IconButton>
    </span>
  )
}

const addressOf = (dictionary: string, index: number | null) =>
  index === null ? undefined : `/dictionaries/${dictionary}/features/${index}`

/** The neighbour's page is fetched early: most people go through features in order. */
function Step({ href, label, children }: { href: string | undefined; label: string; children: ReactNode }) {
  const look = iconButtonClass()
  if (!href) {
    return (
      <span aria-hidden className={cx(look, 'opacity-40')}>
        {children}
      </span>
    )
  }
  return (
    <Tooltip text={label}>
      <Link href={href} prefetch aria-label={label} className={look}>
        {children}
      </Link>
    </Tooltip>
  )
}

/** Whether the focused element uses keys itself. */
function isOccupied({ target }: KeyboardEvent): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input,textarea,select,[contenteditable],[role=group],[role=tablist],[role=dialog],[role=menu]') !==
      null
  )
}
