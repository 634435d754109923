'use client'

/** The reader's own text: kept for the tab, so that it stays while one goes from feature to feature. */
import { useSyncExternalStore } from 'react'

const KEY = 'loupe-own-text'
const listeners = new Set<() => void>()
/** For browsers that refuse to store. */
let kept: string | undefined

function read(): string {
  if (kept !== undefined) return kept
  try {
    return sessionStorage.getItem(KEY) ?? ''
  } catch {
    return ''
  }
}

function write(text: string): void {
  kept = text
  try {
    sessionStorage.setItem(KEY, text)
  } catch {
    // It then lasts as long as the page.
  }
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useOwnText(): [string, (text: string) => void] {
  return [useSyncExternalStore(subscribe, read, () => ''), write]
}
