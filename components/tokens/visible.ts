/** A token's text where it stands alone: spaces and breaks as glyphs. */
export function visible(text: string): string {
  return text.replaceAll(' ', '·').replaceAll('\n', '↵').replaceAll('\t', '⇥')
}
