'use client'

import { useEffect } from 'react'

/** Runs a function on Ctrl-Enter (or ⌘-Enter) anywhere on the page. */
export function useCtrlEnter(onPress: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      onPress()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [onPress])
}
