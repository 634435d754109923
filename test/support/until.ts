import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until the condition holds; throws after a minute. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 600; i++) {
    if (await condition()) return
    await sleep(100)
  }
  throw new Error('the condition of the test did not hold within a minute')
}
