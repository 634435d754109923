/** As much of the end as tells one name from another. */
const TAIL = 28

/** A long name in little room: what is cut is its beginning's end, so that names with one beginning stay apart. */
export function LongName({ children: name }: { children: string }) {
  const cut = tailStart(name)
  return (
    <span className="flex min-w-0 font-mono text-small" title={name}>
      <span className="truncate">{name.slice(0, cut)}</span>
      <span className="shrink-0 whitespace-pre">{name.slice(cut)}</span>
    </span>
  )
}

/** Where the last parts between slashes begin that are short enough together; 0 when there is but one part. */
function tailStart(name: string): number {
  let start = name.lastIndexOf('/')
  if (start < 0 || name.length - start > TAIL) return name.length
  for (let next = name.lastIndexOf('/', start - 1); next > 0 && name.length - next <= TAIL;) {
    start = next
    next = name.lastIndexOf('/', start - 1)
  }
  return start
}
