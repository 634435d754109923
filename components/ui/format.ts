/** Numbers and times as text for people. */

const LOCALE = 'en-US'

/** Three significant digits, without exponents between 0.001 and a million. */
export function number(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(digits - 1).replace('-', '−')
  return value.toLocaleString(LOCALE, { maximumSignificantDigits: digits }).replace('-', '−')
}

/** Like `number`, with trailing zeros, so that columns line up: `27.0`. */
export function even(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  if (size === 0 || size < 1e-3 || size >= 1e6) return number(value, digits)
  return value
    .toLocaleString(LOCALE, { minimumSignificantDigits: digits, maximumSignificantDigits: digits })
    .replace('-', '−')
}

/** A whole number with separators. */
export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : Math.round(value).toLocaleString(LOCALE)
}

/** `0.210 %`; three significant digits. */
export function percent(share: number | null | undefined, digits = 3): string {
  return share === null || share === undefined ? '–' : `${even(share * 100, digits)} %`
}

export function fixed(value: number | null | undefined, decimals: number): string {
  return value === null || value === undefined || !Number.isFinite(value)
    ? '–'
    : value.toFixed(decimals).replace('-', '−')
}

/** `12 s`, `3 min 4 s`, `2 h 5 min`. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '–'
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}

/** `2026-11-25 21:40`, in the reader's time zone; render on the client (see `Time`). */
export function dateTime(iso: string): string {
  const date = new Date(iso)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}

/** `12.3 MB`, in powers of ten. */
export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = value > 0 ? Math.min(units.length - 1, Math.floor(Math.log10(value) / 3)) : 0
  return `${number(value / 1000 ** power)} ${units[power]}`
}
