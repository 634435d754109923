/** Factors of a strength sweep as people type them. */

const MOST = 8

export function parseSweep(text: string): { sweep: number[] } | { problem: string } {
  const pieces = text.split(/[\s,;]+/).filter((piece) => piece !== '')
  const sweep = pieces.map(Number)
  const wrong = sweep.findIndex((factor) => !Number.isFinite(factor))
  if (pieces.length === 0) return { problem: 'give factors, such as 0.5, 1, 2' }
  if (wrong >= 0) return { problem: `"${pieces[wrong]}" is not a number` }
  if (new Set(sweep).size < sweep.length) return { problem: 'a factor stands there twice' }
  if (sweep.length > MOST) return { problem: `at most ${MOST} factors at a time, these are ${sweep.length}` }
  return { sweep }
}
