'use client'

import Link from 'next/link'
import { useState, type ComponentProps } from 'react'

/** A link among many: its page is fetched on hover or focus, not as soon as the link is on the screen. */
export function HoverLink(props: Omit<ComponentProps<typeof Link>, 'prefetch'>) {
  const [near, setNear] = useState(false)
  return <Link {...props} prefetch={near} onPointerEnter={() => setNear(true)} onFocus={() => setNear(true)} />
}
