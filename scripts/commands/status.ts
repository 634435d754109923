/** `loupe status`. Its work is loaded when it runs. */
import pc from 'picocolors'
import { z } from 'zod'
import { loupeHome } from '../../lib/base/config'
import { defineCommand } from '../cli/command'
import { formatTable } from '../cli/table'
import { formatSeconds } from '../cli/terminal'
import type { LoupeStatus } from '../supervisor/status'

const MIB = 2 ** 20

export const status = defineCommand({
  options: z.strictObject({}),
  async run() {
    const { loupeStatus } = await import('../supervisor/status')
    return loupeStatus(loupeHome())
  },
  render: (status) => [headline(status), ...sections(status)].join('\n'),
  exitCode: ({ running, processes }) => (running && !processes.some(({ state }) => state === 'given-up') ? 0 : 1),
})

function headline({ running, ready, url, processes }: LoupeStatus): string {
  if (running) return ready ? `Loupe runs at ${pc.bold(url ?? '')}` : 'Loupe is starting'
  const left = processes.some(({ state }) => state === 'left')
  return left
    ? 'Loupe was killed; some of its processes still run: loupe stop ends them'
    : 'Loupe is not running: loupe start'
}

function sections({ processes, database, compute, workers, running }: LoupeStatus): string[] {
  const rows = processes.map(({ name, state, pid, uptimeSeconds, restarts, memoryBytes, lastEnd }) => [
    name,
    state,
    pid === null ? '–' : String(pid),
    uptimeSeconds === null ? '–' : formatSeconds(uptimeSeconds),
    String(restarts),
    memoryBytes === null ? '–' : `${Math.round(memoryBytes / MIB)} MiB`,
    lastEnd ?? '',
  ])
  const columns = ['process', 'state', 'pid', 'up', 'restarts', 'memory', 'ended last']
  const failed = processes.flatMap(({ state, name, log }) =>
    state === 'given-up' ? [`${name} is given up; its log: ${log}`] : [],
  )
  return [
    ...(rows.length > 0 ? ['', formatTable(columns, rows)] : []),
    ...failed,
    '',
    `database  ${database.running ? `Postgres ${database.version ?? ''} at ${database.url}` : 'not running'}`,
    ...(running ? [`compute   ${compute ? JSON.stringify(compute) : 'does not answer'}`] : []),
    `workers   ${workers.length === 0 ? 'none' : workers.map(({ host, pid, engine }) => `${host}:${pid} (${engine})`).join(', ')}`,
  ]
}
