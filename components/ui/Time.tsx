'use client'

import { dateTime } from './format'

/** A timestamp in the reader's time zone, which the server does not know. */
export function Time({ at }: { at: string }) {
  return (
    <time dateTime={at} suppressHydrationWarning className="whitespace-nowrap">
      {dateTime(at)}
    </time>
  )
}
