/**
 * Seeded random numbers, the same on every machine: xoshiro128** (Blackman and Vigna 2018). splitmix32 fills its state
 * from a hash of the seed. Not for secrets.
 */
export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  next: () => number
  /** Uniform integer in [0, n). */
  int: (n: number) => number
  /** Standard normal. */
  normal: () => number
  /** The numbers 0 … n − 1 in random order. */
  permutation: (n: number) => Int32Array
}

/** @param seed equal seeds make equal streams; a string names a stream, e.g. `shards 0 epoch 3` */
export function createRandom(seed: number | string): Random {
  const state = seedState(String(seed))
  const bits = () => nextBits(state)
  const next = () => ((bits() >>> 5) * 2 ** 26 + (bits() >>> 6)) / 2 ** 53
  const int = (n: number) => Math.floor(next() * n)
  return {
    next,
    int,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    permutation(n) {
      const order = Int32Array.from({ length: n }, (_, index) => index)
      for (let i = n - 1; i > 0; i--) {
        const j = int(i + 1)
        const kept = order[i]!
        order[i] = order[j]!
        order[j] = kept
      }
      return order
    },
  }
}

/** FNV-1a over the text, spread by splitmix32. */
function seedState(text: string): Uint32Array {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return Uint32Array.from({ length: 4 }, () => {
    hash = (hash + 0x9e3779b9) | 0
    let mixed = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return mixed ^ (mixed >>> 15)
  })
}

const rotate = (value: number, by: number) => (value << by) | (value >>> (32 - by))

function nextBits(state: Uint32Array): number {
  const [s0, s1, s2, s3] = state as unknown as [number, number, number, number]
  const result = Math.imul(rotate(Math.imul(s1, 5), 7), 9) >>> 0
  const t2 = s2 ^ s0
  const t3 = s3 ^ s1
  state[0] = s0 ^ t3
  state[1] = s1 ^ t2
  state[2] = t2 ^ (s1 << 9)
  state[3] = rotate(t3, 11)
  return result
}
