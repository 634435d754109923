/** The event with which a button on any page opens the command box. */
const OPEN = 'loupe:command-box'

export function openCommandBox(): void {
  window.dispatchEvent(new Event(OPEN))
}

/** Returns the function that stops listening. */
export function onOpenCommandBox(listener: () => void): () => void {
  window.addEventListener(OPEN, listener)
  return () => window.removeEventListener(OPEN, listener)
}
