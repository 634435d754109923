/** When a process that has ended is started again, and when it is given up. Times in milliseconds. */
const FIRST_DELAY = 500
const LONGEST_DELAY = 30_000
/** A process that has lived this long is healthy: what was before does not count. */
const HEALTHY = 60_000
const WINDOW = 60_000
export const MOST_ENDS = 5

export class RestartPolicy {
  private delay = FIRST_DELAY
  private ends: number[] = []

  /** `now` on any clock that goes on, `lived` how long the process did. Returns the wait, or undefined: give up. */
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
