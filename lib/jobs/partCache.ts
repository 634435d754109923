import type { PartCache } from './kind'

/** A cache of one entry: asking for another key disposes what was kept. */
export class SingleEntryCache implements PartCache, AsyncDisposable {
  private entry?: { key: string; value: Promise<{ dispose(): void }> }

  async get<T extends { dispose(): void }>(key: string, make: () => Promise<T>): Promise<T> {
    if (this.entry?.key !== key) {
      await this[Symbol.asyncDispose]()
      const value = make()
      this.entry = { key, value }
      value.catch(() => {
        if (this.entry?.value === value) this.entry = undefined
      })
    }
    return (await this.entry.value) as T
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const value = await this.entry?.value.catch(() => undefined)
    this.entry = undefined
    value?.dispose()
  }
}
