/**
 * Preloaded (`node --import`) into every process that Loupe starts for itself. When the process named in LOUPE_PARENT_PID
 * is gone (killed with SIGKILL, for example), this process gets SIGTERM, and exits after a grace period.
 */
const LOOK_EVERY_MS = 1_000
const GRACE_MS = 15_000

const parent = Number(process.env.LOUPE_PARENT_PID)
// Processes that this one starts have another parent.
delete process.env.LOUPE_PARENT_PID

if (parent > 0) {
  // The pipes to a dead parent are broken; writing to them must not interrupt a clean end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
    setTimeout(() => process.exit(1), GRACE_MS).unref()
  }, LOOK_EVERY_MS)
  timer.unref()
}
