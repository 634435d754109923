/** Domains and ticks of axes. */

/** The domain of a logarithmic axis: at least a factor of two, with room at both ends. */
export function widened(values: readonly number[]): [number, number] {
  const [low, high] = extent(values)
  const room = Math.max(1.15, Math.sqrt(2 / (high / low)))
  return [low / room, high * room]
}

/** The domain of a linear axis: room at both ends, also where all values are the same. */
export function padded(values: readonly number[]): [number, number] {
  const [low, high] = extent(values)
  const room = Math.max(0.1 * (high - low), 0.005)
  return [low - room, high + room]
}

/** 1, 2, 5, 10, 20, …; a narrow range also has ticks in between, a wide one only whole decades. */
export function logTicks([low, high]: readonly [number, number]): number[] {
  const ratio = high / low
  const steps = ratio > 1000 ? [1] : ratio > 4 ? [1, 2, 5] : [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8]
  const first = Math.floor(Math.log10(low))
  const decades = Array.from({ length: Math.ceil(Math.log10(high)) - first + 1 }, (_, at) => 10 ** (first + at))
  return decades.flatMap((decade) => steps.map((step) => step * decade)).filter((tick) => tick >= low && tick <= high)
}

/** No spread: there may be thousands of values. */
function extent(values: readonly number[]): [number, number] {
  return [values.reduce((a, b) => Math.min(a, b), Infinity), values.reduce((a, b) => Math.max(a, b), -Infinity)]
}
