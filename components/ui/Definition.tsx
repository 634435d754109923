'use client'

import { Popover } from 'radix-ui'
import type { ReactNode } from 'react'

/** A term with a dotted underline; a click opens its definition in a popover. */
export function Definition({ term, children }: { term: ReactNode; children: ReactNode }) {
  return (
    <Popover.Root>
      <Popover.Trigger className="decoration-line-strong underline decoration-dotted underline-offset-3">
        {term}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          sideOffset={4}
          collisionPadding={8}
          className="bg-raised shadow-float animate-fade z-50 max-w-80 rounded border p-3"
        >
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
