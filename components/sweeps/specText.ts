/** A specification as one would write it down: a line for each of its parts. */
export function specText({
  base,
  grid,
  runs,
}: {
  base?: unknown
  grid?: unknown
  runs?: readonly unknown[] | undefined
}): string {
  const parts = [
    ...(base === undefined ? [] : [`"base": ${inLine(base)}`]),
    ...(grid === undefined ? [] : [`"grid": ${inLine(grid)}`]),
    ...(runs === undefined ? [] : [`"runs": [\n${runs.map((run) => `    ${inLine(run)}`).join(',\n')}\n  ]`]),
  ]
  return `{\n${parts.map((part) => `  ${part}`).join(',\n')}\n}`
}

const inLine = (value: unknown): string => JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ')
