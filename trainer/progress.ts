/** What a long computation is given to speak through: how far it is, and whether it should stop. */
export interface Stage {
  /** Aborted on Ctrl-C, cancel or a lost lease. Checked between units of work; whatever is committed stays. */
  readonly signal: AbortSignal
  /** `done` and `total` in the unit that the stage is counted in (tokens, features). Cheap to call often. */
  report(done: number, total: number): void
}

/** A stage nobody watches. */
export function silentStage(signal: AbortSignal = new AbortController().signal): Stage {
  return { signal, report: () => undefined }
}
