/** Reads a pasted direction: a JSON array, or numbers separated by spaces, commas or lines. */

export type ParsedVector = { vector: number[] } | { problem: string }

/** @param hook the hook and its width, for the message about a wrong count */
export function parseVector(text: string, { name, width }: { name: string; width: number }): ParsedVector {
  const pieces = text
    .replace(/[[\](){}]/g, ' ')
    .split(/[\s,;]+/)
    .filter((piece) => piece !== '')
  if (pieces.length === 0) return { problem: `paste ${width} numbers, the width of ${name}` }
  const vector = pieces.map(Number)
  const wrong = vector.findIndex((value) => !Number.isFinite(value))
  if (wrong >= 0) return { problem: `"${pieces[wrong]!.slice(0, 30)}" at place ${wrong + 1} is not a number` }
  if (vector.length !== width) {
    return { problem: `these are ${vector.length} numbers; ${name} is ${width} wide, so ${width} are needed` }
  }
  if (vector.every((value) => value === 0))
    return { problem: 'all these numbers are 0, so this direction changes nothing' }
  return { vector }
}
