/** Absorption on one word, as SAEBench defines it. All numbers are projections on the probe's unit direction. */

export interface Latent {
  /** Activation on the word. */
  activation: number
  /** Between the probe and the latent's decoder direction. */
  cosine: number
  isMain: boolean
}

const ABSORBERS = 3
const MIN_COSINE = 0.1
const MIN_SHARE = 0.4
const MIN_COSINE_FULL = 0.025

/** @param act the activation along the probe */
export function absorptionFraction(main: number, top3: number, act: number): number {
  if (main >= act || top3 / act < MIN_SHARE) return 0
  if (main <= 0) return 1
  const absorbed = Math.min(top3, act - main)
  return absorbed / (absorbed + main)
}

/** @param latents those active on the word; others add nothing */
export function absorptionOf(latents: readonly Latent[], act: number): { fraction: number; full: boolean } {
  const projection = ({ activation, cosine }: Latent) => activation * cosine
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const main = sum(latents.filter(({ isMain }) => isMain).map(projection))
  const absorbers = latents
    .filter((latent) => !latent.isMain && latent.cosine >= MIN_COSINE && projection(latent) > 0)
    .map(projection)
    .sort((a, b) => b - a)
  return {
    fraction: absorptionFraction(main, sum(absorbers.slice(0, ABSORBERS)), act),
    full: isFull(latents, projection, act),
  }
}

function isFull(latents: readonly Latent[], projection: (latent: Latent) => number, act: number): boolean {
  if (act < 0 || latents.some(({ isMain, activation }) => isMain && activation > 0)) return false
  const [top] = [...latents].sort((a, b) => projection(b) - projection(a))
  return top !== undefined && top.cosine >= MIN_COSINE_FULL && projection(top) / act >= MIN_SHARE
}
