/** Words of a command line as a POSIX shell reads them. */

/** Bare where a shell takes it for one plain word, else in single quotes. */
export function shellWord(text: string): string {
  return /^[\w./:@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
