/** Finding rows by a typed name or id, and short spellings of numbers. */
import { unknownName } from '../../trainer/errors'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** For Prisma's `where`: by id if the text looks like an id, otherwise by name. */
export function byNameOrId(text: string): { id: string } | { name: string } {
  return UUID.test(text) ? { id: text.toLowerCase() } : { name: text }
}

/** Throws the error that names the nearest known name. */
export function notThere(kind: string, nameOrId: string, known: { name: string }[]): never {
  throw unknownName(
    kind,
    nameOrId,
    known.map(({ name }) => name),
  )
}

/** Numbers as people write them: `200k`, `1.5M`. */
export function shortCount(value: number): string {
  if (value >= 1e6) return `${trimmed(value / 1e6)}M`
  if (value >= 1e3) return `${trimmed(value / 1e3)}k`
  return String(value)
}

const trimmed = (value: number) => value.toFixed(2).replace(/\.?0+$/, '')
