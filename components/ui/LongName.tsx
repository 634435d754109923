/** Characters of the end that distinguish one name from another. */
const TAIL = 28

/** A long name in a small space: it is cut in the middle, so that names with the same beginning stay distinct. */
export function LongName({ children: name }: { children: string }) {
  const cut = tailStart(name)
  return (
    <span className="flex min-w-0 font-mono text-small" title={name}>
      <span className="truncate">{name.slice(0, cut)}</span>
      <span className="shrink-0 whitespace-pre">{name.slice(cut)}</span>
    </span>
  )
}

/** Start of the last parts between slashes that are short enough together; the whole length where they are too long. */
function tailStart(name: string): number {
  let start = name.lastIndexOf('/')
  if (start < 0 || name.length - start > TAIL) return name.length
  for (let next = name.lastIndexOf('/', start - 1); next > 0 && name.length - next <= TAIL;) {
    start = next
    next = name.lastIndexOf('/', start - 1)
  }
  return start
}
