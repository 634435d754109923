/** The text of a single token: spaces and breaks as glyphs. */
export function visible(text: string): string {
  return text.replaceAll(' ', '·').replaceAll('\n', '↵').replaceAll('\t', '⇥')
}
