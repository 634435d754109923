/** `loupe checkpoints` and `loupe checkpoints dictionary`. */
import { z } from 'zod'
import { listCheckpoints } from '../../lib/runs/checkpoints'
import { storeCheckpointDictionary } from '../../lib/runs/dictionary'
import { requireRun } from '../../lib/runs/rows'
import { defineCommand } from '../cli/command'
import { formatTable } from '../cli/table'

export const checkpoints = defineCommand({
  arguments: { run: 'name or id of the run' },
  options: z.strictObject({}),
  async run({ arguments: [nameOrId = ''] }, context) {
    const database = await context.database()
    const run = await requireRun(database, nameOrId)
    return { run: run.id, name: run.name, checkpoints: await listCheckpoints(database, run.id) }
  },
  render: ({ checkpoints: rows }) =>
    formatTable(
      ['step', 'size', 'explained variance', '', 'stored'],
      rows.map(({ step, bytes, metrics, kept, best, createdAt }) => [
        String(step),
        `${(bytes / 1e6).toFixed(1)} MB`,
        metrics?.explainedVariance?.toFixed(4) ?? '',
        [kept ? 'kept' : '', best ? 'best' : ''].filter(Boolean).join(', '),
        createdAt.slice(0, 19).replace('T', ' '),
      ]),
    ),
})

export const checkpointsDictionary = defineCommand({
  arguments: { checkpoint: 'RUN (its newest), RUN@best or RUN@STEP' },
  options: z.strictObject({ name: z.string().min(1).describe('name of the dictionary') }),
  async run({ arguments: [checkpointName = ''], options: { name } }, context) {
    return storeCheckpointDictionary(await context.database(), checkpointName, name)
  },
})
