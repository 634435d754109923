'use client'

import { Search } from 'lucide-react'
import { openCommandBox } from './commandBoxEvents'
import { buttonClass } from '../ui/Button'

export function CommandButton() {
  return (
    <button type="button" className={buttonClass('plain')} onClick={openCommandBox}>
      <Search aria-hidden className="size-3.5" />
      <span className="max-sm:sr-only">Go to…</span>
      <kbd className="text-ink-soft text-small font-mono max-sm:hidden">/</kbd>
    </button>
  )
}
