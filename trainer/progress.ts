/** How a long computation reports its progress, and learns that it must stop. */
export interface Stage {
  /** Aborted on Ctrl-C, cancel or a lost lease. Computations check it between units of work; stored results stay. */
  readonly signal: AbortSignal
  /** `done` and `total` are in the unit of the stage (tokens, features). Frequent calls are cheap. */
  report(done: number, total: number): void
}

/** A stage without a display. */
export function silentStage(signal: AbortSignal = new AbortController().signal): Stage {
  return { signal, report: () => undefined }
}
