import type { SweepSpec } from '../../lib/sweeps/schema'

/** A specification as text for a file, with a line for each of its parts. */
export function specText({ base, grid, runs }: Partial<SweepSpec>): string {
  const parts = [
    ...(base === undefined ? [] : [`"base": ${inLine(base)}`]),
    ...(grid === undefined ? [] : [`"grid": ${inLine(grid)}`]),
    ...(runs === undefined ? [] : [`"runs": [\n${runs.map((run) => `    ${inLine(run)}`).join(',\n')}\n  ]`]),
  ]
  return `{\n${parts.map((part) => `  ${part}`).join(',\n')}\n}`
}

const inLine = (value: unknown): string => JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ')
