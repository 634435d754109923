/** Stop strings as one line of text: separated by commas, with the escapes `\n`, `\t`, `\,` and `\\`. */

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', ',': ',', '\\': '\\' }

export function parseStops(line: string): string[] {
  const stops = ['']
  for (let at = 0; at < line.length; at++) {
    const escaped = line[at] === '\\' ? ESCAPES[line[at + 1] ?? ''] : undefined
    if (escaped !== undefined) at++
    if (escaped === undefined && line[at] === ',') stops.push('')
    else stops[stops.length - 1] += escaped ?? line[at]!
  }
  return [...new Set(stops.filter((stop) => stop !== ''))]
}

export function formatStops(stops: readonly string[]): string {
  return stops
    .map((stop) => stop.replaceAll('\\', '\\\\').replaceAll(',', '\\,').replaceAll('\n', '\\n').replaceAll('\t', '\\t'))
    .join(',')
}
