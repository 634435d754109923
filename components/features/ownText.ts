'use client'

/** The reader's text, stored for the tab, so that it stays from feature to feature. */
import { useSyncExternalStore } from 'react'

const KEY = 'loupe-own-text'
const listeners = new Set<() => void>()
/** For browsers that refuse to store. */
let memory: string | undefined

function read(): string {
  if (memory !== undefined) return memory
  try {
    return sessionStorage.getItem(KEY) ?? ''
  } catch {
    return ''
  }
}

function write(text: string): void {
  memory = text
  try {
    sessionStorage.setItem(KEY, text)
  } catch {
    // The text then lasts as long as the page.
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
