/** The theme: the system's, until a person chooses one. */
export const THEME_KEY = 'loupe-theme'
export type Theme = 'light' | 'dark'

/** Runs before the first paint, so that no page flashes in the other theme. */
export const THEME_SCRIPT = `try{var t=localStorage.getItem('${THEME_KEY}')}catch{}
document.documentElement.dataset.theme=t==='light'||t==='dark'?t:matchMedia('(prefers-color-scheme: dark)').matches?'dark':'light'`

export function currentTheme(): Theme {
  return document.documentElement.dataset['theme'] === 'dark' ? 'dark' : 'light'
}

export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme
  try {
    localStorage.setItem(THEME_KEY, theme)
  } catch {
    // Private windows can refuse; the choice then lasts until the page is closed.
  }
}
