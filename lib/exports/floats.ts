/** Digits that tell every float32 from its neighbours. */
const MOST_DIGITS = 9

/**
 * The float32 nearest to `value` as the double with the shortest decimal form that rounds back to it: 0.9, not
 * 0.8999999761581421.
 */
export function shortFloat(value: number): number {
  const single = Math.fround(value)
  if (Number.isSafeInteger(single)) return single
  for (let digits = 6; digits < MOST_DIGITS; digits++) {
    const short = Number(single.toPrecision(digits))
    if (Math.fround(short) === single) return short
  }
  return Number(single.toPrecision(MOST_DIGITS))
}
