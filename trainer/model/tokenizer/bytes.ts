/** GPT-2's byte-level alphabet: every byte has a printable character, so that any bytes can be a token's name. */

/** Character → byte (Radford et al. 2019, `bytes_to_unicode`): printable Latin-1 is itself, the rest starts at U+0100. */
const BYTES: ReadonlyMap<string, number> = (() => {
  const printable = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte < 256 && byte !== 173)
  let next = 256
  return new Map(
    Array.from({ length: 256 }, (_, byte) => [String.fromCharCode(printable(byte) ? byte : next++), byte] as const),
  )
})()

/** The bytes of a token's name; undefined when it has a character outside the alphabet. */
export function bytesOfName(name: string): Uint8Array | undefined {
  const bytes = new Uint8Array(name.length)
  for (let i = 0; i < name.length; i++) {
    const byte = BYTES.get(name[i]!)
    if (byte === undefined) return undefined
    bytes[i] = byte
  }
  return bytes
}
