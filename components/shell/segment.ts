/** A segment of an address as text; as it stands where it is not encoded as one. */
export function decodedSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
