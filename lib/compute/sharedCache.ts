/** A cache of large objects that requests share: each is opened once and stays open while there is room or a user. */

export interface Opened<T> {
  value: T
  bytes: number
  close(): void
}

/** A use of an object; dispose it afterwards. */
export interface Lease<T> extends Disposable {
  value: T
}

interface Entry<T> {
  opening: Promise<Opened<T>>
  opened?: Opened<T>
  users: number
}

export class SharedCache<T> {
  /** Least recently used first. */
  private readonly entries = new Map<string, Entry<T>>()

  constructor(private readonly limits: { bytes: number; entries: number }) {}

  /** Opens the object unless it is open; after a failure the next call tries again. */
  async acquire(key: string, open: () => Promise<Opened<T>>): Promise<Lease<T>> {
    const entry = this.entries.get(key) ?? { opening: open(), users: 0 }
    this.entries.delete(key)
    this.entries.set(key, entry)
    entry.users += 1
    try {
      entry.opened = await entry.opening
    } catch (error) {
      if (this.entries.get(key) === entry) this.entries.delete(key)
      throw error
    }
    this.trim()
    let released = false
    return {
      value: entry.opened.value,
      [Symbol.dispose]: () => {
        if (released) return
        released = true
        entry.users -= 1
        this.trim()
      },
    }
  }

  /** All open objects. */
  values(): T[] {
    return [...this.entries.values()].flatMap(({ opened }) => (opened ? [opened.value] : []))
  }

  /** Closes unused objects, the oldest first, until the rest is within the limits; the newest stays open. */
  private trim(): void {
    const entries = [...this.entries]
    let bytes = entries.reduce((sum, [, { opened }]) => sum + (opened?.bytes ?? 0), 0)
    for (const [key, { opened, users }] of entries.slice(0, -1)) {
      if (bytes <= this.limits.bytes && this.entries.size <= this.limits.entries) return
      if (!opened || users > 0) continue
      this.entries.delete(key)
      bytes -= opened.bytes
      opened.close()
    }
  }
}
