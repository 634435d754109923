/** Decides whether and when a process that ended starts again. Times in milliseconds. */
const FIRST_DELAY = 500
const LONGEST_DELAY = 30_000
/** A process that has run this long is healthy: earlier ends no longer count. */
const HEALTHY = 60_000
const WINDOW = 60_000
export const MOST_ENDS = 5

export class RestartPolicy {
  private delay = FIRST_DELAY
  private ends: number[] = []

  /**
   * @param now on any clock that never goes back
   * @param lived how long the process ran
   * @returns how long to wait before the next start; undefined to give up
   */
  afterEnd(now: number, lived: number): number | undefined {
    if (lived >= HEALTHY) {
      this.delay = FIRST_DELAY
      this.ends = []
    }
    this.ends = [...this.ends.filter((end) => now - end < WINDOW), now]
    if (this.ends.length >= MOST_ENDS) return undefined
    const delay = this.delay
    this.delay = Math.min(delay * 2, LONGEST_DELAY)
    return delay
  }
}
