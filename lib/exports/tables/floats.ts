/** Float32 values in their shortest decimal form. */

/** Enough digits to distinguish every float32 from its neighbours. */
const MAX_DIGITS = 9

/**
 * The float32 nearest to `value` as the double with the shortest decimal form that rounds back to it: 0.9, not
 * 0.8999999761581421.
 */
export function shortFloat(value: number): number {
  const single = Math.fround(value)
  if (Number.isSafeInteger(single)) return single
  for (let digits = 6; digits < MAX_DIGITS; digits++) {
    const short = Number(single.toPrecision(digits))
    if (Math.fround(short) === single) return short
  }
  return Number(single.toPrecision(MAX_DIGITS))
}
