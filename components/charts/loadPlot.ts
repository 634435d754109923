/** The chart library, fetched when the first chart is drawn. */
import type uPlot from 'uplot'

let loading: Promise<typeof uPlot> | undefined

export function loadPlot(): Promise<typeof uPlot> {
  return (loading ??= withValidLanguage(async () => (await import('uplot')).default))
}

/**
 * The library formats numbers for `navigator.language` while it loads. On machines without a locale, browsers have an
 * invalid one there (`en-US@posix`).
 */
async function withValidLanguage<T>(load: () => Promise<T>): Promise<T> {
  if (isValid(navigator.language)) return load()
  Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true })
  try {
    return await load()
  } finally {
    Reflect.deleteProperty(navigator, 'language')
  }
}

function isValid(language: string): boolean {
  try {
    return Intl.getCanonicalLocales(language).length > 0
  } catch {
    return false
  }
}
