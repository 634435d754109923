/** True for a live process of this machine, also if it belongs to another user. False for 0, negative numbers and NaN. */
export function processExists(pid: number): boolean {
  // For the system, 0 and negative numbers are groups of processes.
  if (!(pid > 0)) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
