/** `loupe train --sweep`: many runs on one harvest, by this process together with whatever workers there are. */
import type { Harvest } from '../../lib/db/generated/client'
import { trainKind } from '../../lib/jobs/kinds/train'
import { runQueued } from '../../lib/jobs/run'
import { readSweepFile } from '../../lib/sweeps/spec'
import { sweepDetail } from '../../lib/sweeps/summaries'
import { findUnfinished, prepareSweep, submitRuns } from '../../lib/sweeps/sweeps'
import { LoupeError } from '../../trainer/errors'
import { resolveEngine, type EngineName } from '../../trainer/sae/engines/names'
import type { Context } from '../cli/context'
import { flagName } from '../cli/flags'
import { sweepResult, type SweepResult } from './sweepResult'

export interface TrainSweep {
  harvest: Harvest
  /** Path of the specification. */
  file: string
  name: string | undefined
  resume: boolean
  detach: boolean
  engine: EngineName
  /** Settings that were typed beside the file. */
  typed: Readonly<Record<string, unknown>>
}

export async function trainSweep(context: Context, given: TrainSweep): Promise<SweepResult> {
  const { harvest, file, name, resume, detach, engine } = given
  const typed = Object.entries(given.typed).filter(([, value]) => value !== undefined)
  if (typed.length > 0) {
    const flags = typed.map(([key]) => flagName(key)).join(', ')
    throw new LoupeError('bad-usage', `settings of a sweep stand in its file, but ${flags} was given`, {
      remedy: `write it into "base" of ${file}`,
    })
  }
  const database = await context.database()
  const options = { harvest, spec: readSweepFile(file), name, engine }
  const backend = detach ? undefined : await context.backend()
  if (backend) resolveEngine(engine, backend.name)
  const sweep = resume ? await findUnfinished(database, options) : await prepareSweep(database, options)
  const jobs = await submitRuns(database, sweep, backend)
  if (backend && jobs.length > 0) {
    context.terminal.note(`sweep ${sweep.name}: ${jobs.length} runs (${backend.fingerprint})`)
    const { members } = await sweepDetail(database, sweep.id)
    const total = members.reduce((sum, { job, config }) => {
      return jobs.includes(job?.id ?? '') ? sum + Number(config['tokens']) : sum
    }, 0)
    const stage = context.terminal.stage('sweep', 'tokens')
    await runQueued(database, backend, trainKind, { jobs, total }, stage)
    stage.end()
  }
  return sweepResult(await sweepDetail(database, sweep.id))
}
