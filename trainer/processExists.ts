/** True for a live process of this machine, also one of another user. 0 and what is no number name no process. */
export function processExists(pid: number): boolean {
  // To the system, 0 and negative numbers are groups of processes.
  if (!(pid > 0)) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
