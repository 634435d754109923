/**
 * Preloaded (`node --import`) into every process that Loupe starts for itself: when the process named in
 * LOUPE_PARENT_PID is gone, killed with SIGKILL say, this one is asked to end as by that parent, and soon after made to.
 */
const LOOK_EVERY_MS = 1_000
const GRACE_MS = 15_000

const parent = Number(process.env.LOUPE_PARENT_PID)
// What this process starts in turn has another parent.
delete process.env.LOUPE_PARENT_PID

if (parent > 0) {
  // The pipes to a dead parent are broken; writing to them must not cut a clean end short.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
    setTimeout(() => process.exit(1), GRACE_MS).unref()
  }, LOOK_EVERY_MS)
  timer.unref()
}
