/** A segment of an address as text; unchanged if its encoding is wrong. */
export function decodedSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
