import { unknownName } from './errors'

/** Records that are listed once and found by name: architectures, selection rules, losses and the like. */
export class Registry<T extends { readonly name: string }> {
  private readonly byName: ReadonlyMap<string, T>

  /**
   * @param kind what a record is, for messages
   * @throws Error for two records of one name: a defect of the list
   */
  constructor(
    private readonly kind: string,
    records: readonly T[],
  ) {
    const byName = new Map<string, T>()
    for (const record of records) {
      if (byName.has(record.name)) throw new Error(`there are two ${kind}s named "${record.name}"`)
      byName.set(record.name, record)
    }
    this.byName = byName
  }

  /** In the order of the list. */
  get names(): string[] {
    return [...this.byName.keys()]
  }

  /** @throws LoupeError that names the nearest known record */
  named(name: string): T {
    const record = this.byName.get(name)
    if (!record) throw unknownName(this.kind, name, this.names)
    return record
  }
}
