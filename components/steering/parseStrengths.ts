/** Reads strength factors as people type them. */

const LIMIT = 8

export function parseStrengths(text: string): { strengths: number[] } | { problem: string } {
  const pieces = text.split(/[\s,;]+/).filter((piece) => piece !== '')
  const strengths = pieces.map(Number)
  const wrong = strengths.findIndex((factor) => !Number.isFinite(factor))
  if (pieces.length === 0) return { problem: 'give factors, such as 0.5, 1, 2' }
  if (wrong >= 0) return { problem: `"${pieces[wrong]}" is not a number` }
  if (new Set(strengths).size < strengths.length) return { problem: 'two factors are equal' }
  if (strengths.length > LIMIT) return { problem: `the limit is ${LIMIT} factors, these are ${strengths.length}` }
  return { strengths }
}
