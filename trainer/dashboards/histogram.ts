/** Histograms of activations. */

export const HISTOGRAM_BINS = 50

/** Counts of `values` in `HISTOGRAM_BINS` equal bins over (0, max]; they sum to `values.length`. */
export function activationHistogram(values: Float32Array, max: number): number[] {
  const counts = new Array<number>(HISTOGRAM_BINS).fill(0)
  const scale = HISTOGRAM_BINS / max
  for (let entry = 0; entry < values.length; entry++) {
    counts[Math.min(HISTOGRAM_BINS - 1, Math.floor(values[entry]! * scale))]!++
  }
  return counts
}
