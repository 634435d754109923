/** A pasted direction: a JSON array, or numbers with spaces, commas or lines between them. */

export type ParsedVector = { vector: number[] } | { problem: string }

/** @param hook and its width, for the message when the count is another */
export function parseVector(text: string, { name, width }: { name: string; width: number }): ParsedVector {
  const pieces = text
    .replace(/[[\](){}]/g, ' ')
    .split(/[\s,;]+/)
    .filter((piece) => piece !== '')
  if (pieces.length === 0) return { problem: `paste ${width} numbers, as wide as ${name}` }
  const vector = pieces.map(Number)
  const wrong = vector.findIndex((value) => !Number.isFinite(value))
  if (wrong >= 0) return { problem: `"${pieces[wrong]!.slice(0, 30)}" at place ${wrong + 1} is not a number` }
  if (vector.length !== width) {
    return { problem: `these are ${vector.length} numbers; ${name} is ${width} wide, so ${width} are needed` }
  }
  if (vector.every((value) => value === 0))
    return { problem: 'all of these numbers are 0: that direction changes nothing' }
  return { vector }
}
