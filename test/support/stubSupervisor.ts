/** A supervisor over programs that are passed as JSON: `node --import tsx stubSupervisor.ts HOME PROGRAMS`. */
import type { Program } from '../../scripts/supervisor/child'
import { claimHome } from '../../scripts/supervisor/supervisor'

const [, , home = '', programs = '[]'] = process.argv
const claimed = await claimHome(home, (line) => process.stdout.write(`${line}\n`))
if ('running' in claimed) {
  process.stdout.write(`running ${claimed.running.process.pid}\n`)
} else {
  const { supervisor } = claimed
  supervisor.start(JSON.parse(programs) as Program[])
  supervisor.update({ ready: true })
  process.stdout.write('up\n')
  process.once('SIGTERM', () => {
    void supervisor.stopChildren().then(() => supervisor.release())
  })
}
