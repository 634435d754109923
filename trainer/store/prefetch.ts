/** Lets a producer run ahead of its consumer. */
import { setImmediate as turn } from 'node:timers/promises'

/**
 * The same items in the same order, with up to `depth` of them made before they are requested. A consumer that blocks the
 * thread between items, as a training step does, would never let sockets be read, so each item waits one turn of the event
 * loop. Closes the source when the consumer stops early.
 */
export async function* prefetch<T>(source: AsyncGenerator<T>, depth: number): AsyncGenerator<T, void, undefined> {
  const ahead: Promise<IteratorResult<T>>[] = []
  const ask = () => {
    const item = source.next()
    // A failure is reported when the consumer reaches it; until then it must not count as unhandled.
    item.catch(() => undefined)
    ahead.push(item)
  }
  try {
    for (let i = 0; i < depth; i++) ask()
    for (;;) {
      await turn()
      const item = await ahead.shift()!
      if (item.done === true) return
      ask()
      yield item.value
    }
  } finally {
    await source.return(undefined)
  }
}
